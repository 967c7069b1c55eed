import { version } from '../../package.json';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import type { ComparisonDetails } from '../../src/lab/compare/details.ts';
import type { LoadContext } from '../../src/lab/data/load.ts';
import type { Understood } from '../../src/lab/data/understand.ts';
import type { ModelSource } from '../../src/lab/embed/openModel.ts';
import { defaultHub } from '../../src/lab/hub/name.ts';
import { checkStore } from '../../src/lab/models/checkStore.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import type { OwnKernels } from '../../src/lab/models/readModel.ts';
import type { BackendCheck } from '../../src/lab/models/types.ts';
import { OneRun } from '../../src/lab/pipeline/oneRun.ts';
import type { Pacing } from '../../src/lab/pipeline/pacing.ts';
import type { FolderFile } from '../../src/lab/training/modelFolder.ts';
import { openGraphApart } from '../graph/openGraphApart.ts';

/** What the worker holds between calls: what was dropped on the page, what was measured, and at most one run. */
export class LabState implements LoadContext, ModelSource {
  /** URL of the folder that holds index.html. */
  base = '';
  hub = defaultHub;
  readonly folders = new Map<string, ReadonlyMap<string, File>>();
  readonly understood = new Map<string, Understood>();
  /** Dropped TREC run files by name. */
  readonly runFiles = new Map<string, File>();
  readonly runs = new OneRun();
  readonly checks = checkStore<BackendCheck>(navigator.userAgent, version);
  readonly ownKernels: OwnKernels = {
    checks: checkStore(navigator.userAgent, version),
    open: openGraphApart,
  };
  /** The last run's, where it could be told. */
  pacing: Pacing | null = null;
  /** The last one. */
  comparison: ComparisonDetails | null = null;
  #adapter: Promise<AdapterProbe> | null = null;

  readonly adapter = (): Promise<AdapterProbe> => {
    this.#adapter ??= probeAdapter(navigator.gpu);
    return this.#adapter;
  };

  readonly openFiles: ModelSource['openFiles'] = (source, signal) => openModelFiles(source, this, signal);

  keepModel(name: string, files: readonly FolderFile[]): void {
    this.folders.set(name, new Map(files.map(({ path, bytes }) => [path, new File([bytes], path)])));
  }
}
