import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { sentenceOf, UserError } from '../../src/base/userError.ts';
import type { NamedSource } from '../../src/lab/data/lines.ts';
import type { Shard } from '../../src/lab/data/shard.ts';
import { pairDocument } from '../../src/lab/explore/pairDocument.ts';
import { defaultHub } from '../../src/lab/hub/name.ts';
import type { RunEvent } from '../../src/lab/pipeline/events.ts';
import type { mergeParts, PartsOfRun } from '../../src/lab/pipeline/mergeParts.ts';
import type { Report } from '../../src/lab/report/report.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import type { Folders, HeadlessLab } from '../headlessLab.ts';
import type { Provider } from '../provider.ts';
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
  /** What models run on; without one the self-check decides. */
  readonly provider?: Provider | null;
  /** Of the processor; what the system grants without. */
  readonly threads?: number;
}

type Surroundings = Parameters<typeof mergeParts>[1];

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

export interface NodeLab extends HeadlessLab {
  /** Runs a part of a spec; see `runShard`. */
  shard(spec: Spec, shard: Shard): Promise<Uint8Array>;
  /** Compares for a part of the queries; see `runRerank`. @param runs folder that a merge wrote to; null for none */
  rerank(spec: Spec, shard: Shard, runs: string | null): Promise<Uint8Array>;
  /** Writes what the parts come to; see `mergeParts`. */
  merge(parts: PartsOfRun): Promise<Report>;
}

/** Opens the lab in this process, once. @param listen told of a run's events, without the files */
export async function openNodeLab(
  modules: typeof LabModules,
  { cache, provider = null, threads, models, data, out }: NodeOptions,
  listen: (event: RunEvent) => void,
): Promise<NodeLab> {
  const kept = cache ?? mkdtempSync(join(tmpdir(), 'layerlab-'));
  const runtime = await nodeRuntime(provider, threads);
  installNodeScope({ page, models, data, cache: kept, gpu: await gpuOrReason() });
  modules.setRuntimeHost(runtime);
  const state = new modules.LabState();
  const adapter = await state.adapter();
  if (provider === 'webgpu' && adapter.kind === 'none') {
    throw new UserError(`--provider webgpu is not there: ${adapter.description}; take --provider cpu.`);
  }
  const lab = modules.runCalls(state);
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
  /** Does some work by itself, which `cancel` ends. */
  const alone = <T>(work: (given: Surroundings) => Promise<T>): Promise<T> =>
    state.runs.start(async (signal) => {
      const services = modules.runServices(state);
      try {
        return await work({ services, signal, listen: take });
      } finally {
        await services.dispose();
      }
    });
  return {
    shard: (spec, shard) => alone(({ services, ...given }) => modules.runShard(spec, services, shard, given)),
    rerank: (spec, shard, runs) =>
      alone(({ services, ...given }) =>
        modules.runRerank(spec, services, shard, {
          ...given,
          ...(runs === null ? {} : { runs: (dataset, system) => runIn(runs, dataset, system) }),
        }),
      ),
    merge: (parts) => alone((given) => modules.mergeParts(parts, given)),
    async run(spec) {
      try {
        const { failures } = await lab.run(spec, take, { files: true });
        return { status: failures.length > 0 ? 3 : 0, sentence: null };
      } catch (error) {
        return { status: statusOf(error), sentence: sentenceOf(error) };
      }
    },
    check: (spec) => lab.check(spec),
    async neighbours(request, listenToLines) {
      const explore = modules.createExplore();
      explore.start(filesBase, hub);
      await explore.neighbours(request, listenToLines);
    },
    async inspect(spec, { query, document, layer }) {
      const say = (text: string): void => listen({ type: 'stage', text });
      const explore = modules.createExplore();
      explore.start(filesBase, hub);
      return pairDocument(await explore.inspect(spec, query, document, say), layer);
    },
    cancel: () => lab.cancel(),
    async close() {
      if (cache === null) rmSync(kept, { recursive: true, force: true });
    },
  };
}

/** The run file of a layer in a folder that a merge wrote to; null where there is none. */
function runIn(folder: string, dataset: string, system: string): NamedSource | null {
  const file = join(folder, 'runs', dataset, `${system}.retrieve.trec`);
  if (!existsSync(file)) return null;
  return {
    name: file,
    stream: async () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
  };
}

function keepFile(file: string, { bytes, append }: Extract<RunEvent, { type: 'artefact' }>): void {
  mkdirSync(dirname(file), { recursive: true });
  (append ? appendFileSync : writeFileSync)(file, bytes);
}
