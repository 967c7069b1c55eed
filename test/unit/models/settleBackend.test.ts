import { expect, test, vi } from 'vitest';
import type { AdapterProbe } from '../../../src/gpu/adapter.ts';
import type { CheckMemory } from '../../../src/lab/models/checkMemory.ts';
import type { ReadModel, SessionOptions } from '../../../src/lab/models/readModel.ts';
import { settleBackend } from '../../../src/lab/models/settleBackend.ts';
import { readTokenizer } from '../../../src/lab/models/tokenise.ts';
import type { BackendCheck } from '../../../src/lab/models/types.ts';
import { fakeSession } from '../../support/fakeModel.ts';
import { diskModel } from '../../support/modelFiles.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const real = {
  kind: 'real',
  description: 'a GPU',
  adapter: { features: new Set() },
} as unknown as AdapterProbe;

function options(change: Partial<SessionOptions> = {}): SessionOptions {
  const files = diskModel('public/models/mini-de');
  return { files, kind: 'de', dtype: 'fp32', backend: 'auto', adapter: real, ...change };
}

/** A model of which WebGPU answers as `wrong` says, and what was opened and remembered. */
function setting(wrong: boolean) {
  const kept = new Map<string, BackendCheck>();
  const opened: string[] = [];
  const memory: CheckMemory<BackendCheck> = {
    read: (key) => Promise.resolve(kept.get(JSON.stringify(key)) ?? null),
    write: (key, check) => Promise.resolve(void kept.set(JSON.stringify(key), check)),
  };
  const tools: NonNullable<Parameters<typeof settleBackend>[2]> = {
    readModel: () =>
      Promise.resolve({ sha256: 'abc', config: { maxTokens: 256, padTokenId: 0 } } as ReadModel),
    readTokenizer,
    openLayerSession({ backend }) {
      opened.push(backend);
      const session = fakeSession([0, 1]);
      const pooled: typeof session.pooled = async (batch) => {
        const vectors = await session.pooled(batch);
        return wrong && backend === 'webgpu' ? vectors.fill(0) : vectors;
      };
      return Promise.resolve({ ...session, pooled });
    },
  };
  return { settle: (given: SessionOptions) => settleBackend(given, memory, tools), opened, kept };
}

test('a backend that answers wrongly is left, asked for or not, and that is remembered', async () => {
  const { settle, opened, kept } = setting(true);
  const first = await settle(options());
  expect(first.backend).toBe('wasm');
  expect(first.check?.sentence).toBe(
    'WebGPU on a GPU gives only zeros at layer 0, so the model runs on WebAssembly',
  );
  expect([...kept.keys()]).toEqual(['{"model":"abc","adapter":"a GPU"}']);
  expect((await settle(options({ backend: 'webgpu' }))).backend).toBe('wasm');
  expect(opened).toEqual(['wasm', 'webgpu']);
});

test('a backend that is asked for and answers rightly is kept, even where it is slower', async () => {
  const { settle, kept } = setting(false);
  await settle(options());
  for (const [key, check] of kept) kept.set(key, { ...check, backend: 'wasm' });
  expect((await settle(options({ backend: 'webgpu' }))).backend).toBe('webgpu');
  expect((await settle(options())).backend).toBe('wasm');
});

test.each<[string, Partial<SessionOptions>]>([
  ['WebAssembly is chosen', { backend: 'wasm' }],
  ['the adapter is a software one', { adapter: { ...real, kind: 'software' } as AdapterProbe }],
  [
    'a software adapter is asked for',
    { adapter: { ...real, kind: 'software' } as AdapterProbe, backend: 'webgpu' },
  ],
  ['there is no adapter', { adapter: { kind: 'none', description: 'none' } }],
  ['float16 has no place on the GPU', { dtype: 'fp16' }],
])('nothing is opened where %s', async (_, change) => {
  const { settle, opened } = setting(true);
  const given = options(change);
  expect(await settle(given)).toBe(given);
  expect(opened).toEqual([]);
});

test('CUDA is checked whatever the adapter', async () => {
  const { settle, opened, kept } = setting(false);
  const adapter: AdapterProbe = { kind: 'none', description: 'no adapter' };
  const { backend, check } = await settle(options({ backend: 'cuda', adapter }));
  expect(backend).toBe('cuda');
  expect(check?.sentence).toMatch(/^CUDA on this machine gives what WebAssembly gives/);
  expect(opened).toEqual(['wasm', 'cuda']);
  expect([...kept.keys()]).toEqual(['{"model":"abc","adapter":"CUDA"}']);
});
