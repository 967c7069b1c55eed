import type { ModelSource } from '../../src/lab/embed/openModel.ts';
import { diskModel } from './modelFiles.ts';

/** Models of this repository for a spec: `bundled:NAME`, and any folder as `folder:PATH`. Nothing runs on a GPU. */
export const diskSource: ModelSource = {
  openFiles: (source) =>
    Promise.resolve(diskModel(source.replace(/^bundled:/, 'public/models/').replace(/^folder:/, ''))),
  adapter: () => Promise.resolve({ kind: 'none', description: 'there is none in Node' }),
  checks: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
};
