import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sentenceOf } from '../../src/base/userError.ts';

import { defaultHub } from '../../src/lab/hub/name.ts';
import type { RunEvent } from '../../src/lab/pipeline/events.ts';
import type { Folders, HeadlessLab } from '../headlessLab.ts';
import { statusOf } from '../statusOf.ts';
import { writeReport } from '../writeReport.ts';
import { filesBase } from './fetchFiles.ts';
import type * as LabModules from './labModules.ts';
import { nodeRuntime } from './nodeRuntime.ts';
import { installNodeScope } from './nodeScope.ts';
import { openNodeGpu } from './openNodeGpu.ts';

export interface NodeOptions extends Omit<Folders, 'port'> {
  /** Folder of what is kept between runs; null for none. */
  readonly cache: string | null;
}

const page = fileURLToPath(new URL('../../public', import.meta.url));

/** WebGPU, or where there is none an object that says why when it is asked. */
async function gpuOrReason(): Promise<GPU> {
  try {
    return await openNodeGpu();
  } catch (error) {
    const requestAdapter = (): Promise<never> => Promise.reject(error);
    return { requestAdapter } as unknown as GPU;
  }
}

/** Opens the lab in this process, once. @param listen told of a run's events, without the files */
export async function openNodeLab(
  { setRuntimeHost, createLab, createExplore }: typeof LabModules,
  { cache, models, data, out }: NodeOptions,
  listen: (event: RunEvent) => void,
): Promise<HeadlessLab> {
  const kept = cache ?? mkdtempSync(join(tmpdir(), 'layerlab-'));
  const runtime = await nodeRuntime();
  installNodeScope({ page, models, data, cache: kept, gpu: await gpuOrReason() });
  setRuntimeHost(runtime);
  const lab = createLab();
  const hub = { endpoint: process.env.HF_ENDPOINT ?? defaultHub, token: process.env.HF_TOKEN ?? '' };
  lab.start(filesBase, hub);
  const take = (event: RunEvent): void => {
    if (event.type === 'artefact') {
      if (out !== undefined) keepFile(join(out, event.path), event);
      return;
    }
    listen(event);
    if (event.type === 'report' && out !== undefined) writeReport(out, event.report);
  };
  return {
    async run(spec) {
      try {
        const { failures } = await lab.run(spec, take, true);
        return { status: failures.length > 0 ? 3 : 0, sentence: null };
      } catch (error) {
        return { status: statusOf(error), sentence: sentenceOf(error) };
      }
    },
    check: (spec) => lab.check(spec),
    async neighbours(request, listenToLines) {
      const explore = createExplore();
      explore.start(filesBase, hub);
      await explore.neighbours(request, listenToLines);
    },
    cancel: () => lab.cancel(),
    async close() {
      if (cache === null) rmSync(kept, { recursive: true, force: true });
    },
  };
}

function keepFile(file: string, { bytes, append }: Extract<RunEvent, { type: 'artefact' }>): void {
  mkdirSync(dirname(file), { recursive: true });
  (append ? appendFileSync : writeFileSync)(file, bytes);
}
