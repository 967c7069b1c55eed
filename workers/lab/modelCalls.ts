import { UserError } from '../../src/base/userError.ts';
import type { DroppedFile } from '../../src/lab/data/droppedFile.ts';
import { type HubModel, searchModels } from '../../src/lab/hub/searchModels.ts';
import { chooseBackend, deviceOf } from '../../src/lab/models/backend.ts';
import { describeModel, type ModelDescription } from '../../src/lab/models/describeModel.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { type ModelPreview, previewModel } from '../../src/lab/models/modelPreview.ts';
import type { ModelKind } from '../../src/lab/models/types.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { zipBlob } from '../../src/lab/training/zip.ts';
import type { LabState } from './labState.ts';

/** Models to look for, to look into, to bring and to take away. */
export interface ModelCalls {
  /** Models of the hub that the lab can run, by role and part of the name. */
  searchModels(kind: ModelKind, text: string): Promise<readonly HubModel[]>;
  /** What a model is and what can be had of it. @param graph whether its graph is read, which of the hub's is downloaded */
  describeModel(
    source: string,
    dtype: Spec['models']['ce']['dtype'],
    graph: boolean,
  ): Promise<ModelDescription>;
  /** Keeps a dropped model folder, which a spec then names `folder:NAME`. */
  addModel(name: string, files: readonly DroppedFile[]): Promise<ModelPreview>;
  /** A model that was trained here or dropped, as a .zip. */
  zipModel(name: string): Promise<Blob>;
}

export function modelCalls(state: LabState): ModelCalls {
  return {
    searchModels: (kind, text) => searchModels(state.hub, { kind, text }),
    async describeModel(source, dtype, graph) {
      const adapter = await state.adapter();
      const device = deviceOf(chooseBackend('auto', adapter).backend, adapter);
      return await describeModel(await state.openFiles(source), { device, dtype, graph });
    },
    async addModel(name, files) {
      const byPath = new Map(files.map(({ path, file }) => [path, file]));
      const opened = await openModelFiles(`folder:${name}`, {
        base: state.base,
        hub: state.hub,
        folders: new Map([[name, byPath]]),
      });
      const preview = await previewModel(name, opened, await state.adapter());
      state.folders.set(name, byPath);
      return preview;
    },
    async zipModel(name) {
      const files = state.folders.get(name);
      if (!files) throw new UserError(`The model "${name}" is not here any more; train it again.`);
      const list = [...files].map(async ([path, file]) => ({
        path,
        bytes: new Uint8Array(await file.arrayBuffer()),
      }));
      return await zipBlob(name, await Promise.all(list));
    },
  };
}
