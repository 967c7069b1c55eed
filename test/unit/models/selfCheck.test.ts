import { expect, test } from 'vitest';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { checkTexts } from '../../../src/lab/models/compareVectors.ts';
import { checkBackend } from '../../../src/lab/models/selfCheck.ts';
import type { Backend, LayerSession } from '../../../src/lab/models/types.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';

const layers = [0, 1, 2];
const hiddenSize = 4;
const batch = padBatch(
  checkTexts.map((text) => characterEncoder.encode(text)),
  0,
);

interface Fault {
  /** What WebGPU makes of the right vectors. */
  readonly change?: (vectors: Float32Array<ArrayBuffer>) => void;
  readonly fails?: 'open' | 'run';
  readonly file?: string;
  /** Seconds of a run. */
  readonly seconds?: Partial<Record<Backend, number>>;
}

async function check({ change, fails, file = 'model.onnx', seconds }: Fault) {
  const disposed: Backend[] = [];
  let clock = 0;
  const open = (backend: Backend): Promise<LayerSession> => {
    const session = fakeSession(layers);
    if (fails === 'open' && backend === 'webgpu')
      return Promise.reject(new Error('no kernel for MatMulNBits.'));
    return Promise.resolve({
      ...session,
      info: { ...session.info, file },
      async pooled(given) {
        clock += seconds?.[backend] ?? 1;
        const vectors = await session.pooled(given);
        if (backend === 'webgpu') {
          if (fails === 'run') throw new Error('the device was lost.');
          change?.(vectors);
        }
        return vectors;
      },
      dispose() {
        disposed.push(backend);
        return Promise.resolve();
      },
    });
  };
  const result = await checkBackend(
    open,
    () => batch,
    { backend: 'webgpu', device: 'a GPU' },
    () => clock,
  );
  return { result, disposed };
}

test('a backend that agrees is proposed where it is the faster one', async () => {
  const { result, disposed } = await check({ seconds: { webgpu: 0.1, wasm: 0.3 } });
  expect(result).toMatchObject({ backend: 'webgpu', agrees: true, difference: 0 });
  expect(result.sentence).toBe(
    'WebGPU on a GPU gives what WebAssembly gives, to 0e+0 at every layer; on eight short texts WebGPU takes 3.0 times less than WebAssembly',
  );
  expect(disposed.sort()).toEqual(['wasm', 'webgpu']);
});

test('a backend that agrees and is slower is not proposed', async () => {
  const { result } = await check({ seconds: { webgpu: 0.5, wasm: 0.25 } });
  expect(result).toMatchObject({ backend: 'wasm', agrees: true });
  expect(result.seconds.webgpu).toBeCloseTo(0.5);
  expect(result.seconds.wasm).toBeCloseTo(0.25);
  expect(result.sentence).toContain('WebAssembly takes 2.0 times less than WebGPU');
});

/** The vector of a row at a layer. */
const at = (row: number, layer: number): number => (row * layers.length + layer) * hiddenSize;

test.each<[string, Fault, string]>([
  [
    'other numbers at one layer of one text',
    { change: (vectors) => vectors.set([1, 2, 3, 4], at(5, 1)) },
    'differs from WebAssembly by 100 % at layer 1',
  ],
  [
    'no numbers',
    { change: (vectors) => vectors.fill(Number.NaN, at(3, 2), at(3, 2) + 1) },
    'gives no numbers at layer 2',
  ],
  [
    'infinite numbers',
    { change: (vectors) => vectors.fill(Number.POSITIVE_INFINITY, at(0, 0), at(0, 0) + 1) },
    'gives no numbers at layer 0',
  ],
  ['zeros', { change: (vectors) => void vectors.fill(0) }, 'gives only zeros at layer 0'],
  [
    'nothing, since it cannot be opened',
    { fails: 'open' },
    'fails with this model (no kernel for MatMulNBits)',
  ],
  ['nothing, since its device is lost', { fails: 'run' }, 'fails with this model (the device was lost)'],
])('a backend that gives %s is refused in one sentence', async (_, fault, words) => {
  const { result, disposed } = await check(fault);
  expect(result).toMatchObject({ backend: 'wasm', agrees: false });
  expect(result.sentence).toContain(`WebGPU on a GPU ${words}`);
  expect(disposed).toContain('wasm');
});

test('roundings of float16 and of integers are no fault, of float32 they are', async () => {
  const change = (vectors: Float32Array): void => {
    for (let i = 0; i < vectors.length; i++) vectors[i] = vectors[i]! * 1.03;
  };
  expect((await check({ change, file: 'onnx/model_fp16.onnx' })).result.agrees).toBe(true);
  expect((await check({ change, file: 'onnx/model_q4.onnx' })).result.agrees).toBe(true);
  expect((await check({ change, file: 'onnx/model.onnx' })).result.agrees).toBe(false);
});
