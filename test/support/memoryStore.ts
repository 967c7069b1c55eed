import { MemoryPart } from '../../src/lab/cache/fileStore.ts';
import type { CollectionStore } from '../../src/lab/data/hub/kept.ts';

/** A place for one file, in memory. */
export function memoryStore(most = 1_000_000): CollectionStore {
  let part: MemoryPart | null = null;
  let content: Uint8Array<ArrayBuffer> | null = null;
  return {
    part() {
      part = new MemoryPart(most);
      return Promise.resolve(part);
    },
    finish() {
      content = part ? part.read(0, part.size).slice() : null;
      return Promise.resolve();
    },
    remove() {
      content = null;
      return Promise.resolve();
    },
    whole() {
      return Promise.resolve(content && new File([content], 'kept'));
    },
  };
}
