import { UserError } from '../../base/userError.ts';
import type { Spec } from '../spec/spec.ts';

/** Part `index` of `count`, from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The documents of a shard, [from, to): all shards together have each once. */
export function shardRows(documents: number, { index, count }: Shard): readonly [number, number] {
  return [Math.floor((index * documents) / count), Math.floor(((index + 1) * documents) / count)];
}

/** @throws UserError for a spec of which there are no parts */
export function refuseUnsharded(spec: Spec): void {
  const refused = (field: string, what: string): UserError =>
    new UserError(`${what}, which --shard does not split; leave it out, or run it without --shard.`, {
      field,
    });
  if (spec.train.length > 0) throw refused('train', 'asks for training');
  if (spec.compare.enabled) throw refused('compare', 'asks for a comparison');
  if (spec.keep.includes('embeddings')) throw refused('keep', 'asks for embeddings');
  if (!spec.layerwise.enabled) {
    throw new UserError('is false, and leaves nothing to split; set it to true.', {
      field: 'layerwise.enabled',
    });
  }
}
