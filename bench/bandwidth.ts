import type { BufferArena } from '../src/gpu/buffers.ts';
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

/** Moves data and does nothing else. */
export const copyKernel = defineKernel({
  family: 'matmul',
  source: { name: 'bench/copy.wgsl', text: copySource },
  parameters: { count: 'u32' },
  buffers: { source: read('vec4f'), copied: write('vec4f') },
});

/** What the movers of rows share: a pass, buffers, and a batch of texts. */
interface Ground {
  readonly pass: Pass;
  readonly software: boolean;
  readonly make: (label: string, floats: number) => GPUBuffer;
  readonly put: (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => GPUBuffer;
  readonly tokens: number;
  readonly slots: WordSlots;
  readonly onDevice: DeviceTexts;
}

interface DeviceTexts {
  readonly tokens: GPUBuffer;
  readonly texts: GPUBuffer;
  readonly tokenCount: number;
  readonly textCount: number;
  readonly longest: number;
}

function groundOf(session: DeviceSession, pass: Pass, arena: BufferArena): Ground {
  const { device, software } = session;
  const tokens = software ? 2048 : 65536;
  const make = (label: string, floats: number): GPUBuffer => arena.storage(label, 4 * floats);
  const put: Ground['put'] = (label, data) => {
    const buffer = make(label, data.length);
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const texts = Array.from({ length: tokens / textTokens }, () =>
    Int32Array.from({ length: textTokens }, () => Math.floor(Math.random() * miniLm.vocabulary)),
  );
  const slots = new WordSlots(texts);
  const packed = packTexts(texts, [...texts.keys()], slots, miniLm);
  const onDevice = {
    tokens: put('tokens', Uint32Array.from(packed.tokens)),
    texts: put('texts', Uint32Array.from(packed.texts)),
    tokenCount: packed.tokenCount,
    textCount: packed.textCount,
    longest: packed.longest,
  };
  return { pass, software, make, put, tokens, slots, onDevice };
}

/** Kernels of the encoder, at MiniLM's width. */
function encoderMovers({ pass, make, put, tokens, slots, onDevice }: Ground): Mover[] {
  const { hidden } = miniLm;
  const wide = tokens * hidden;
  const x = put('x', randomFloats(wide));
  const [y, dx] = [make('y', wide), make('dx', wide)];
  const [moments, gamma, beta] = [make('moments', 2 * tokens), make('gamma', hidden), make('beta', hidden)];
  const [dGamma, dBeta] = [make('gradient of gamma', hidden), make('gradient of beta', hidden)];
  const partial = make('partial', Math.max(stripFloats(tokens, hidden), wide));
  const words = make('words', slots.ids.length * hidden);
  const tables = make('tables', (miniLm.positions + miniLm.types) * hidden);

  const norm = (dropout: { rate: number; key: number; site: number } | null) => (): void =>
    layerNorm(pass, onDevice, { columns: hidden, epsilon: 1e-12, x, gamma, beta, y, moments, dropout });
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
  return [
    { name: 'layer norm', bytes: 2 * rowBytes, record: norm(null) },
    { name: 'layer norm and dropout', bytes: 2 * rowBytes, record: norm({ rate: 0.1, key: 1, site: 1 }) },
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
  ];
}

/** The update of all weights, of a small model on a software adapter. */
function optimiserMover({ make, put, slots }: Ground, parameters: Parameters, optimiser: Optimiser): Mover {
  const { shape } = parameters;
  const blockFloats = parameters.blocks.reduce((sum, { count }) => sum + count, 0);
  const wordFloats = shape.vocabulary * shape.hidden;
  const touched = Math.min(slots.ids.length, shape.vocabulary);
  const gradient = make('gradient of words', slots.ids.length * miniLm.hidden);
  const slotOfRow = put(
    'slots',
    Uint32Array.from({ length: shape.vocabulary }, (_, row) => row % touched),
  );
  const losses = make('losses', 1);
  return {
    name: 'gradient norm and AdamW',
    // Weights and two moments read and written, the gradient read twice, that of words by rows touched.
    bytes: 4 * (8 * blockFloats + 7 * wordFloats + touched * shape.hidden),
    record: () =>
      optimiser.record({
        step: 1,
        learningRate: 1e-4,
        losses,
        queries: 1,
        words: { gradient, count: touched, slots: slotOfRow },
      }),
  };
}

async function beside(
  { pass, software }: Ground,
  arena: BufferArena,
  { name, bytes, record }: Mover,
): Promise<BenchRow> {
  const count = Math.ceil(bytes / 2 / 16);
  const size = 16 * count;
  const [from, to] = [arena.storage('from', size), arena.storage('to', size)];
  const repeats = software ? 4 : 20;
  const [ours, copied] = (await interleaved(
    [
      recorded(pass, repeats, record),
      recorded(pass, repeats, () =>
        pass.dispatch(copyKernel, { source: from, copied: to }, { count }, Math.ceil(count / 64)),
      ),
    ],
    rounds,
  )) as [number[], number[]];
  arena.destroy(from);
  arena.destroy(to);
  return {
    name: `${name}, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
    ours: (repeats * bytes) / median(ours) / 1e9,
    other: (repeats * bytes) / median(copied) / 1e9,
    against: 'a plain copy',
    ratio: medianRatio(ours, copied),
    unit: 'GB/s',
    note: `${(100 * medianRatio(ours, copied)).toFixed(0)} % of the copy's bandwidth`,
  };
}

/** Kernels that only move data, against a kernel that copies as many bytes and does nothing else. */
export async function benchBandwidth(session: DeviceSession, log: Log): Promise<BenchRow[]> {
  const { software } = session;
  const pass = new Pass(session, defaultLaunchConfiguration(software));
  const arena = session.arena();
  const ground = groundOf(session, pass, arena);
  const parameters = new Parameters(session, software ? miniModel : miniLm);
  const optimiser = new Optimiser(pass, parameters, adamw);
  const rows: BenchRow[] = [];
  for (const mover of [...encoderMovers(ground), optimiserMover(ground, parameters, optimiser)]) {
    log(mover.name);
    rows.push(await beside(ground, arena, mover));
  }
  arena.dispose();
  optimiser.destroy();
  parameters.destroy();
  pass.dispose();
  return rows;
}
