/** Part `index` of `count`, from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What of so many things, in their order, is a shard's, [from, to): all shards together have each once. */
export function shardRows(things: number, { index, count }: Shard): readonly [number, number] {
  return [Math.floor((index * things) / count), Math.floor(((index + 1) * things) / count)];
}
