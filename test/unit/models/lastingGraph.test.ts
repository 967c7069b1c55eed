import type { InferenceSession } from 'onnxruntime-web';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AdapterProbe } from '../../../src/gpu/adapter.ts';
import { hearLosses } from '../../../src/gpu/lossNotices.ts';
import { openInspectSession } from '../../../src/lab/models/inspectSession.ts';
import type { Runtime } from '../../../src/lab/models/runtime.ts';
import { openLayerSession, openPlainSession } from '../../../src/lab/models/session.ts';
import type { Backend, ModelFiles } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { graphBatch, graphModel } from '../../support/graphs.ts';

/** What becomes of each run on WebGPU, in order; those behind go well. */
type Fate = 'well' | 'throws' | 'zeros' | 'no numbers' | 'other fault';
const fates = vi.hoisted(() => ({ runs: [] as Fate[], opened: [] as Backend[] }));

type Run = InferenceSession['run'];

/** WebGPU as onnxruntime gives it in Node, with faults. */
vi.mock('../../../src/lab/models/runtime.ts', async () => {
  const node = await import('../../support/nodeRuntime.ts');
  return {
    ...node,
    runtimeHost: () => ({ name: 'node' }),
    async loadRuntime(backend: Backend): Promise<Runtime> {
      const runtime = await node.loadRuntime('wasm');
      const create = async (bytes: Uint8Array, options: object): Promise<InferenceSession> => {
        fates.opened.push(backend);
        const session = await runtime.InferenceSession.create(bytes, {
          ...options,
          executionProviders: ['wasm'],
        });
        if (backend === 'webgpu') spoil(session);
        return session;
      };
      return { ...runtime, InferenceSession: { create } as Runtime['InferenceSession'] };
    },
  };
});

function spoil(session: InferenceSession): void {
  const run = session.run.bind(session) as Run;
  session.run = (async (...given: Parameters<Run>) => {
    const fate = fates.runs.shift() ?? 'well';
    if (fate === 'throws') throw new Error('WebGPU device lost (1): gone');
    if (fate === 'other fault') throw new Error('Non-zero status code');
    const outputs = await run(...given);
    for (const { data } of Object.values(outputs)) {
      if (fate === 'zeros') (data as Float32Array).fill(0);
      if (fate === 'no numbers') (data as Float32Array).fill(Number.NaN);
    }
    return outputs;
  }) as Run;
}

const adapter = {
  kind: 'real',
  description: 'a GPU',
  adapter: { features: new Set() },
} as unknown as AdapterProbe;

const options = (backend: Backend, files: ModelFiles = graphModel('bert')) =>
  ({ files, kind: 'ce', dtype: 'fp32', backend, adapter }) as const;

const batch = graphBatch('bert');
let told: string[] = [];

beforeEach(() => {
  fates.runs = [];
  fates.opened = [];
  told = [];
  hearLosses((sentence) => told.push(sentence));
});

/** What every kind of session gives, run by run. */
const ways: Record<string, (backend: Backend) => Promise<() => Promise<Float32Array>>> = {
  'by layer': async (backend) => {
    const session = await openLayerSession(options(backend), null);
    return () => session.pooled(batch);
  },
  'for its logits': async (backend) => {
    const session = await openPlainSession(options(backend));
    return async () => Object.values(await session.run(batch))[0]!.data;
  },
  'token by token': async (backend) => {
    const session = await openInspectSession(options(backend));
    return async () => (await session.inspect(batch)).states;
  },
};

test.each(Object.keys(ways))('a model that is run %s outlives two lost devices', async (way) => {
  const expected = await (await ways[way]!('wasm'))();
  fates.opened = [];
  const run = await ways[way]!('webgpu');
  fates.runs = ['well', 'throws', 'well', 'throws'];
  for (let index = 0; index < 5; index++) expect(await run()).toEqual(expected);
  expect(fates.opened).toEqual(['webgpu', 'webgpu', 'wasm']);
  expect(told).toEqual([
    'The GPU was lost (WebGPU device lost (1): gone); the work goes on by itself on a new device, from the last finished batch.',
    'The GPU was lost (WebGPU device lost (1): gone) and is given up; the work goes on by itself on the processor, from the last finished batch.',
  ]);
});

test.each<Fate>(['zeros', 'no numbers'])('results of %s count as a lost device', async (fate) => {
  const session = await openLayerSession(options('webgpu'), null);
  const expected = await session.pooled(batch);
  fates.runs = [fate];
  expect(await session.pooled(batch)).toEqual(expected);
  expect(session.info.backend).toBe('webgpu');
  expect(told).toEqual([expect.stringContaining('(it gave zeros or no numbers)')]);
});

test('what ran where is told once the processor has taken over', async () => {
  const session = await openLayerSession(options('webgpu'), null);
  expect(session.info).toMatchObject({ backend: 'webgpu', why: 'chosen, on a GPU' });
  fates.runs = ['zeros', 'zeros'];
  await session.pooled(batch);
  expect(session.info).toMatchObject({
    backend: 'wasm',
    why: 'chosen, on a GPU; the GPU was lost (it gave zeros or no numbers), and what came after ran on the processor',
  });
});

test('a batch that was cut for a GPU is taken piece by piece by the processor', async () => {
  const times = 300;
  const repeated = <T extends BigInt64Array | Float32Array>(values: T): T => {
    const out = new (values.constructor as new (length: number) => T)(values.length * times);
    for (let i = 0; i < times; i++) out.set(values as never, i * values.length);
    return out;
  };
  const large = {
    rows: batch.rows * times,
    tokens: batch.tokens,
    inputIds: repeated(batch.inputIds),
    attentionMask: repeated(batch.attentionMask),
    tokenTypeIds: repeated(batch.tokenTypeIds),
    poolWeights: repeated(batch.poolWeights),
  };
  const wasm = await openLayerSession(options('wasm'), null);
  const expected = await wasm.pooled(large);
  const session = await openLayerSession(options('webgpu'), null);
  fates.runs = ['throws', 'throws'];
  expect(await session.pooled(large)).toBeAllclose(expected, { atol: 1e-5 });
});

test('a fault that has nothing to do with the device is told at once', async () => {
  const session = await openLayerSession(options('webgpu'), null);
  fates.runs = ['other fault'];
  await expect(session.pooled(batch)).rejects.toThrow('test:bert/onnx/model.onnx: cannot be run on 2 texts');
  expect(fates.opened).toEqual(['webgpu']);
  expect(told).toEqual([]);
});

test('a check of WebGPU sees its faults as they are', async () => {
  const session = await openLayerSession({ ...options('webgpu'), lasting: false }, null);
  fates.runs = ['zeros', 'throws'];
  expect((await session.pooled(batch)).some((value) => value !== 0)).toBe(false);
  await expect(session.pooled(batch)).rejects.toThrow('the GPU was lost (WebGPU device lost (1): gone)');
});

test('a model whose file has changed meanwhile is refused', async () => {
  const before = graphModel('bert');
  let [form, reads] = ['bert', 0];
  const files: ModelFiles = {
    ...before,
    bytes: (path, given) => {
      if (path.endsWith('.onnx') && ++reads > 1) form = 'bert-O2';
      return graphModel('bert', form).bytes(path, given);
    },
  };
  const session = await openLayerSession(options('webgpu', files), null);
  fates.runs = ['throws'];
  await expect(session.pooled(batch)).rejects.toThrow(
    'test:bert/onnx/model.onnx: has changed since it was opened; start again.',
  );
});
