import { expect, test } from 'vitest';
import { bringDropped, rememberDropped } from '../../../src/state/droppedFiles.ts';

test('a worker is told everything that was dropped before whatever is asked of it next, and once', async () => {
  const told: string[] = [];
  const tell = async (name: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    told.push(name);
  };
  const worker = { addModel: tell, preview: tell };
  rememberDropped({ kind: 'model', name: 'ce', files: [] });
  rememberDropped({ kind: 'collection', name: 'animals', files: [] });
  const first = bringDropped(worker);
  // As where a page opens one collection, and another is chosen at once.
  await bringDropped(worker);
  expect(told).toEqual(['ce', 'animals']);
  await first;
  rememberDropped({ kind: 'collection', name: 'plants', files: [] });
  await bringDropped(worker);
  expect(told).toEqual(['ce', 'animals', 'plants']);
  // One that starts later is told of all.
  told.length = 0;
  await bringDropped({ addModel: tell, preview: tell });
  expect(told).toEqual(['ce', 'animals', 'plants']);
});
