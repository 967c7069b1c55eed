import { expect, test } from 'vitest';
import { type EncoderShape, parameterShapes } from '../../src/base/bertShape.ts';
import { DeviceOwner, type DeviceSession } from '../../src/gpu/deviceSession.ts';
import { defineKernel, write } from '../../src/gpu/kernels/defineKernel.ts';
import { defaultLaunchConfiguration } from '../../src/gpu/launchConfiguration.ts';
import { Pass } from '../../src/gpu/pass.ts';
import { createGpuSearcher } from '../../src/gpu/search/gpuSearcher.ts';
import { createTrainer, type Trainer } from '../../src/gpu/training/trainer.ts';
import { randomParameter } from '../../src/lab/training/initialise.ts';

const shape: EncoderShape = {
  vocabulary: 30,
  hidden: 12,
  layers: 1,
  heads: 2,
  intermediate: 20,
  positions: 8,
  types: 2,
  epsilon: 1e-12,
};

/** WebGPU that counts the devices and buffers that were made and not destroyed. */
function countingGpu() {
  const alive = { devices: new Set<GPUDevice>(), buffers: new Set<GPUBuffer>(), made: 0 };
  const watch = (device: GPUDevice): GPUDevice => {
    alive.devices.add(device);
    const [destroy, createBuffer] = [device.destroy.bind(device), device.createBuffer.bind(device)];
    device.destroy = () => {
      alive.devices.delete(device);
      return destroy();
    };
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      alive.buffers.add(buffer);
      alive.made++;
      const destroyBuffer = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        alive.buffers.delete(buffer);
        return destroyBuffer();
      };
      return buffer;
    };
    return device;
  };
  const gpu: Pick<GPU, 'requestAdapter'> = {
    async requestAdapter(options) {
      const adapter = await navigator.gpu.requestAdapter(options);
      if (!adapter) throw new Error('These tests need a WebGPU adapter, if only a software one.');
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => watch(await request(descriptor));
      return adapter;
    },
  };
  return { gpu: gpu as GPU, alive };
}

function trainerOn(session: DeviceSession): Promise<Trainer> {
  return createTrainer(session, {
    shape,
    weights: new Map(
      parameterShapes(shape).map((one) => [one.name, { shape: one.shape, data: randomParameter(one, 1, 0) }]),
    ),
    configuration: defaultLaunchConfiguration(true),
    optimiser: { weightDecay: 0.01, maxGradNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    scale: 20,
    dropout: 0.1,
    seed: 1,
    miniBatchSize: 4,
  });
}

const texts = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5)];

async function search(session: DeviceSession, vectors: Float32Array<ArrayBuffer>): Promise<number[]> {
  const searcher = createGpuSearcher(session, {
    layers: 1,
    queries: 2,
    hiddenSize: vectors.length / 2,
    queryVectors: vectors,
    k: 1,
    tieRanks: null,
  });
  await searcher.add(vectors, Int32Array.of(0, 1));
  const [ranking] = await searcher.rankings();
  return [...ranking!.documents];
}

/**
 * A run as an experiment's: a trainer, and a search on the same device. Neither the trainer nor the searcher is let go:
 * the session is what answers for them.
 * @param does one that fails does so behind a step of training; few embed, as kernels take long to compile
 */
async function run(owner: DeviceOwner, does: 'search' | 'embed' | 'fail'): Promise<void> {
  const trainer = await trainerOn(await owner.session());
  if (does === 'fail') {
    await trainer.timedStep({ queries: texts, documents: texts }, 1e-3, 0);
    throw new Error('A run failed.');
  }
  const vectors = does === 'embed' ? await trainer.embed(texts) : Float32Array.of(1, 2, 2, 1);
  expect(await search(await owner.session(), vectors)).toEqual([0, 1]);
}

test('ten runs in a row, one of which fails, leave no device and no buffer behind', async () => {
  const { gpu, alive } = countingGpu();
  for (let index = 0; index < 10; index++) {
    const owner = new DeviceOwner(gpu);
    const does = index === 4 ? 'fail' : index === 7 ? 'embed' : 'search';
    const ended = run(owner, does).finally(() => owner.dispose());
    if (does === 'fail') await expect(ended).rejects.toThrow('A run failed.');
    else await ended;
    expect(alive.devices.size).toBe(0);
    expect(alive.buffers.size).toBe(0);
  }
  expect(alive.made).toBeGreaterThan(200);
}, 600_000);

test('one device serves everything in a run, and a trainer that is done leaves no buffer on it', async () => {
  const { gpu, alive } = countingGpu();
  const owner = new DeviceOwner(gpu);
  const [session, other] = await Promise.all([owner.session(), owner.session()]);
  expect(other).toBe(session);
  const trainer = await trainerOn(session);
  expect(alive.buffers.size).toBeGreaterThan(10);
  trainer.destroy();
  expect(alive.buffers.size).toBe(0);
  expect(alive.devices.size).toBe(1);
  await owner.dispose();
  expect(alive.devices.size).toBe(0);
});

test('a session whose device is lost is replaced, and its buffers are let go', async () => {
  const { gpu, alive } = countingGpu();
  const owner = new DeviceOwner(gpu);
  const first = await owner.session();
  await trainerOn(first);
  first.device.destroy();
  expect((await first.lost).message).toMatch(/GPU was lost/);
  const second = await owner.session();
  expect(second).not.toBe(first);
  expect(alive.buffers.size).toBe(0);
  expect(await search(second, Float32Array.of(1, 2, 2, 1))).toEqual([0, 1]);
  await owner.dispose();
  expect(alive.devices.size).toBe(0);
});

test('a kernel that does not compile is told with the file and line of its source', async () => {
  const { gpu } = countingGpu();
  const owner = new DeviceOwner(gpu);
  const session = await owner.session();
  const kernel = defineKernel({
    family: 'matmul',
    source: {
      name: 'broken.wgsl',
      text: '#include "values"\n@compute @workgroup_size(1)\nfn main() {\n  x[0] = total(1u);\n}\n',
    },
    constants: { value: 'string', vector: 'boolean' },
    parameters: { rows: 'u32' },
    buffers: { x: write('f32') },
  })({ value: 'f32', vector: false });
  const pass = new Pass(session, defaultLaunchConfiguration(true));
  const arena = session.arena();
  pass.dispatch(kernel, { x: arena.storage('x', 16) }, { rows: 1 }, 1);
  pass.submit();
  await expect(session.idle()).rejects.toThrow(
    /"broken" does not compile: broken\.wgsl:4: [\s\S]*shared\/values\.wgsl:2 /,
  );
  expect(session.usable).toBe(false);
  expect(await owner.session()).not.toBe(session);
  await owner.dispose();
});
