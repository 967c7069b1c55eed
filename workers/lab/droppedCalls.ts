import type { DroppedFile } from '../../src/lab/data/droppedFile.ts';
import type { HubChoice, HubPreview } from '../../src/lab/data/hub/preview.ts';
import { type Preview, understand } from '../../src/lab/data/understand.ts';
import type { LabState } from './labState.ts';

/** Collections and run files that the user brings. */
export interface DroppedCalls {
  /** Reads dropped files as a collection, which a spec then names `folder:NAME`. */
  preview(name: string, files: readonly DroppedFile[]): Promise<Preview>;
  /** Looks into a data set of the hub, for its columns to be chosen. */
  previewHub(source: string, choice: HubChoice): Promise<HubPreview>;
  /** Takes a TREC run file, which a comparison then names `run:NAME`. */
  addRun(name: string, file: File): void;
}

export function droppedCalls(state: LabState): DroppedCalls {
  return {
    async preview(name, files) {
      const sources = files.map(({ path, file }) => ({
        name: path,
        path,
        stream: () => Promise.resolve(file.stream()),
      }));
      const read = await understand(name, sources);
      state.understood.set(name, read);
      return read.preview;
    },
    async previewHub(source, choice) {
      // Fetched when it is needed.
      const { previewHub } = await import('../../src/lab/data/hub/preview.ts');
      return await previewHub(source, choice, state);
    },
    addRun(name, file) {
      state.runFiles.set(name, file);
    },
  };
}
