import { storageBuffer } from '../src/gpu/buffers.ts';
import { lookUp } from '../src/gpu/kernels/embedding.ts';
import { KernelCache } from '../src/gpu/kernels/kernel.ts';
import { layerNorm, layerNormGradient, stripFloats } from '../src/gpu/kernels/layerNorm.ts';
import { meanPool } from '../src/gpu/kernels/pooling.ts';
import { sumPlanes } from '../src/gpu/kernels/sumPlanes.ts';
import { Recorder } from '../src/gpu/recorder.ts';
import { Optimiser } from '../src/gpu/training/optimiser.ts';
import { packTexts, WordSlots } from '../src/gpu/training/pack.ts';
import { Parameters } from '../src/gpu/training/parameters.ts';
import { defaultPlan } from '../src/gpu/training/plan.ts';
import copySource from './copy.wgsl?raw';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';
import { optimiser as adamw, miniLm, miniModel, randomFloats } from './sizes.ts';
import { recorded } from './timed.ts';

interface Mover {
  readonly name: string;
  /** Bytes that must be read and written, each once. */
  readonly bytes: number;
  record(): void;
}

const rounds = 9;
const textTokens = 64;
const planes = 8;

/** Kernels that only move data, against a kernel that copies as many bytes and does nothing else. */
export async function benchBandwidth(device: GPUDevice, software: boolean, log: Log): Promise<BenchRow[]> {
  const { hidden } = miniLm;
  const tokens = software ? 2048 : 65536;
  const { lanes } = defaultPlan(software);
  const recorder = new Recorder(device);
  const kernels = new KernelCache(device);
  const made: GPUBuffer[] = [];
  const make = (label: string, floats: number): GPUBuffer => {
    const buffer = storageBuffer(device, label, 4 * floats);
    made.push(buffer);
    return buffer;
  };
  const put = (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = make(label, data.length);
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const wide = tokens * hidden;
  const x = put('x', randomFloats(wide));
  const [y, dx] = [make('y', wide), make('dx', wide)];
  const [moments, gain, shift] = [make('moments', 2 * tokens), make('gain', hidden), make('shift', hidden)];
  const [dGain, dShift] = [make('gradient of gain', hidden), make('gradient of shift', hidden)];
  const partial = make('partial', Math.max(stripFloats(tokens, hidden), wide));

  const texts = Array.from({ length: tokens / textTokens }, () =>
    Int32Array.from({ length: textTokens }, () => Math.floor(Math.random() * miniLm.vocabulary)),
  );
  const slots = new WordSlots(texts);
  const packed = packTexts(texts, [...texts.keys()], slots, miniLm.positions);
  const onDevice = {
    tokens: put('tokens', Uint32Array.from(packed.tokens)),
    texts: put('texts', Uint32Array.from(packed.texts)),
    tokenCount: packed.tokenCount,
    textCount: packed.textCount,
    longest: packed.longest,
  };
  const words = make('words', slots.ids.length * hidden);
  const table = make('tables', (miniLm.positions + miniLm.types) * hidden);
  const layout = { columns: hidden, lanes };
  const dropout = { rate: 0.1, key: 1, site: 1 };

  const shape = software ? miniModel : miniLm;
  const parameters = new Parameters(device, shape);
  const optimiser = new Optimiser(device, kernels, recorder, parameters, adamw);
  const blockFloats = parameters.blocks.reduce((sum, { count }) => sum + count, 0);
  const wordFloats = shape.vocabulary * shape.hidden;
  const touched = Math.min(slots.ids.length, shape.vocabulary);
  const slotOfRow = put(
    'slots',
    Uint32Array.from({ length: shape.vocabulary }, (_, row) => row % touched),
  );
  const losses = make('losses', 1);

  const norm = (drop: typeof dropout | null) => (): void =>
    layerNorm(recorder, kernels, layout, onDevice, { x, gain, shift, y, moments }, 1e-12, drop);
  const normGradient = (): void =>
    layerNormGradient(recorder, kernels, layout, onDevice, {
      dy: y,
      pooled: false,
      behind: null,
      before: null,
      x,
      moments,
      gain,
      dx,
      dGain,
      dShift,
      partial,
    });
  const rowBytes = 4 * wide;
  const movers: Mover[] = [
    { name: 'layer norm', bytes: 2 * rowBytes, record: norm(null) },
    { name: 'layer norm and dropout', bytes: 2 * rowBytes, record: norm(dropout) },
    // Its input and the gradient at its output are read for the rows and once more for the columns' sums.
    { name: 'layer norm, backward', bytes: 5 * rowBytes, record: normGradient },
    {
      name: 'embedding look-up',
      bytes: 2 * rowBytes,
      record: () =>
        lookUp(recorder, kernels, hidden, onDevice, words, { table, positions: miniLm.positions }, x),
    },
    {
      name: 'mean pooling',
      bytes: rowBytes,
      record: () => meanPool(recorder, kernels, hidden, onDevice, x, partial),
    },
    {
      name: `sum of ${planes} planes`,
      bytes: rowBytes,
      record: () =>
        sumPlanes(
          recorder,
          kernels,
          'matmul',
          { from: x, stride: wide / planes, number: planes },
          partial,
          wide / planes,
        ),
    },
    {
      name: 'gradient norm and AdamW',
      // Weights and two moments read and written, the gradient read twice, that of words by rows touched.
      bytes: 4 * (8 * blockFloats + 7 * wordFloats + touched * shape.hidden),
      record: () =>
        optimiser.record({
          step: 1,
          learningRate: 1e-4,
          losses,
          queries: 1,
          words: { gradient: words, count: touched, slots: slotOfRow },
        }),
    },
  ];
  const copy = kernels.get('matmul', 'copy', copySource, {});
  const rows: BenchRow[] = [];
  for (const { name, bytes, record } of movers) {
    log(name);
    const count = Math.ceil(bytes / 2 / 16);
    const size = 16 * count;
    const [from, to] = [storageBuffer(device, 'from', size), storageBuffer(device, 'to', size)];
    const repeats = software ? 4 : 20;
    const [ours, copied] = (await interleaved(
      [
        recorded(device, recorder, repeats, record),
        recorded(device, recorder, repeats, () =>
          recorder.run(copy, [from, to], { count }, Math.ceil(count / 64)),
        ),
      ],
      rounds,
    )) as [number[], number[]];
    from.destroy();
    to.destroy();
    rows.push({
      name: `${name}, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
      ours: (repeats * bytes) / median(ours) / 1e9,
      other: (repeats * bytes) / median(copied) / 1e9,
      against: 'a plain copy',
      ratio: medianRatio(ours, copied),
      unit: 'GB/s',
      note: `${(100 * medianRatio(ours, copied)).toFixed(0)} % of the copy's bandwidth`,
    });
  }
  for (const buffer of made) buffer.destroy();
  optimiser.destroy();
  parameters.destroy();
  recorder.dispose();
  return rows;
}
