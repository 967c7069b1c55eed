import { inTurn } from '../base/inTurn.ts';
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

/** What of a worker is called to tell it. */
interface Told {
  addModel(name: string, files: readonly DroppedFile[]): Promise<unknown>;
  preview(name: string, files: readonly DroppedFile[]): Promise<unknown>;
}

const turns = new WeakMap<object, ReturnType<typeof inTurn>>();

/**
 * Tells a worker what was dropped on the page since it was told last. Who asks while it is being told waits too: what
 * comes next may be about any of it.
 */
export async function bringDropped(worker: Told): Promise<void> {
  const turn = turns.get(worker) ?? inTurn();
  turns.set(worker, turn);
  await turn(async () => {
    const from = told.get(worker) ?? 0;
    told.set(worker, dropped.length);
    for (const { kind, name, files } of dropped.slice(from)) {
      await (kind === 'model' ? worker.addModel(name, files) : worker.preview(name, files));
    }
  });
}
