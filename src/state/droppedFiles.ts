import type { DroppedFile } from '../lab/data/droppedFile.ts';

interface DroppedFolder {
  readonly kind: 'model' | 'collection';
  readonly name: string;
  readonly files: readonly DroppedFile[];
}

/** What was dropped, in order: a worker that starts later is told of it again. */
const dropped: DroppedFolder[] = [];
const told = new WeakMap<object, number>();

export function rememberDropped(folder: DroppedFolder): void {
  dropped.push(folder);
}

/** What a worker has not been told of yet. */
export function droppedAgain(worker: object): readonly DroppedFolder[] {
  const from = told.get(worker) ?? 0;
  told.set(worker, dropped.length);
  return dropped.slice(from);
}
