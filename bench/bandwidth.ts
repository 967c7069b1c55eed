import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import { defineKernel, read, write } from '../src/gpu/kernels/defineKernel.ts';
import { lookUp } from '../src/gpu/kernels/embedding/embedding.ts';
import { layerNorm, layerNormGradient, stripFloats } from '../src/gpu/kernels/layerNorm/layerNorm.ts';
import { meanPool } from '../src/gpu/kernels/pooling/pooling.ts';
import { sumPlanes } from '../src/gpu/kernels/sumPlanes/sumPlanes.ts';
import { defaultLaunchConfiguration } from '../src/gpu/launchConfiguration.ts';
import { Pass } from '../src/gpu/pass.ts';
import { Optimiser } from '../src/gpu/training/optimiser.ts';
import { packTexts, WordSlots } from '../src/gpu/training/pack.ts';
import { Parameters } from '../src/gpu/training/parameters.ts';
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

const copy = defineKernel({
  family: 'matmul',
  source: { name: 'bench/copy.wgsl', text: copySource },
  parameters: { count: 'u32' },
  buffers: { source: read('vec4f'), copied: write('vec4f') },
});

/** Kernels that only move data, against a kernel that copies as many bytes and does nothing else. */
export async function benchBandwidth(session: DeviceSession, log: Log): Promise<BenchRow[]> {
  const { device, software } = session;
  const { hidden } = miniLm;
  const tokens = software ? 2048 : 65536;
  const pass = new Pass(session, defaultLaunchConfiguration(software));
  const arena = session.arena();
  const make = (label: string, floats: number): GPUBuffer => arena.storage(label, 4 * floats);
  const put = (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = make(label, data.length);
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const wide = tokens * hidden;
  const x = put('x', randomFloats(wide));
  const [y, dx] = [make('y', wide), make('dx', wide)];
  const [moments, gamma, beta] = [make('moments', 2 * tokens), make('gamma', hidden), make('beta', hidden)];
  const [dGamma, dBeta] = [make('gradient of gamma', hidden), make('gradient of beta', hidden)];
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
  const tables = make('tables', (miniLm.positions + miniLm.types) * hidden);
  const dropout = { rate: 0.1, key: 1, site: 1 };

  const shape = software ? miniModel : miniLm;
  const parameters = new Parameters(session, shape);
  const optimiser = new Optimiser(pass, parameters, adamw);
  const blockFloats = parameters.blocks.reduce((sum, { count }) => sum + count, 0);
  const wordFloats = shape.vocabulary * shape.hidden;
  const touched = Math.min(slots.ids.length, shape.vocabulary);
  const slotOfRow = put(
    'slots',
    Uint32Array.from({ length: shape.vocabulary }, (_, row) => row % touched),
  );
  const losses = make('losses', 1);

  const norm = (drop: typeof dropout | null) => (): void =>
    layerNorm(pass, onDevice, {
      columns: hidden,
      epsilon: 1e-12,
      x,
      gamma,
      beta,
      y,
      moments,
      dropout: drop,
    });
  const normGradient = (): void =>
    layerNormGradient(pass, onDevice, {
      columns: hidden,
      dy: y,
      pooled: false,
      behind: null,
      before: null,
      x,
      moments,
      gamma,
      dx,
      dGamma,
      dBeta,
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
      record: () => lookUp(pass, onDevice, hidden, { words, tables, positions: miniLm.positions, x }),
    },
    {
      name: 'mean pooling',
      bytes: rowBytes,
      record: () => meanPool(pass, onDevice, hidden, { x, pooled: partial }),
    },
    {
      name: `sum of ${planes} planes`,
      bytes: rowBytes,
      record: () =>
        sumPlanes(pass, 'matmul', { from: x, stride: wide / planes, number: planes }, partial, wide / planes),
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
  const rows: BenchRow[] = [];
  for (const { name, bytes, record } of movers) {
    log(name);
    const count = Math.ceil(bytes / 2 / 16);
    const size = 16 * count;
    const [from, to] = [arena.storage('from', size), arena.storage('to', size)];
    const repeats = software ? 4 : 20;
    const [ours, copied] = (await interleaved(
      [
        recorded(pass, repeats, record),
        recorded(pass, repeats, () =>
          pass.dispatch(copy, { source: from, copied: to }, { count }, Math.ceil(count / 64)),
        ),
      ],
      rounds,
    )) as [number[], number[]];
    arena.destroy(from);
    arena.destroy(to);
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
  arena.dispose();
  optimiser.destroy();
  parameters.destroy();
  pass.dispose();
  return rows;
}
