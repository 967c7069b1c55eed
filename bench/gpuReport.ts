import { probeAdapter } from '../src/gpu/adapter.ts';
import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import { defineKernel, write } from '../src/gpu/kernels/defineKernel.ts';
import { defaultLaunchConfiguration } from '../src/gpu/launchConfiguration.ts';
import { Pass } from '../src/gpu/pass.ts';
import { runOnDevice } from './adapter.ts';
import { benchBandwidth, copyKernel } from './bandwidth.ts';
import fmaSource from './fma.wgsl?raw';
import { benchKernels } from './kernels.ts';
import { interleaved, median } from './measure.ts';
import type { BenchRow, Log } from './row.ts';
import { recorded } from './timed.ts';

/** What an adapter can do at best, by kernels that do nothing else. */
export interface Peaks {
  /** float32 multiplications and additions. */
  readonly gflops: number;
  /** Bytes read and written by a copy, GB/s. */
  readonly copy: number;
}

/** One adapter's measurements, as `npm run bench -- --node --gpu --out FILE` writes them. */
export interface GpuReport {
  readonly adapter: string;
  readonly software: boolean;
  readonly runtime: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
  readonly peaks: Peaks;
  readonly rows: readonly (BenchRow & {
    /** Of the peak that bounds such a kernel; null for what is no rate. */
    readonly share: number | null;
  })[];
}

const fma = defineKernel({
  family: 'matmul',
  source: { name: 'bench/fma.wgsl', text: fmaSource },
  parameters: { rounds: 'u32' },
  buffers: { sums: write('vec4f') },
});

/** Multiplications and additions of a round of an invocation. */
const flopsARound = 8 * 4 * 2;

/** Limits that decide what fits an adapter. */
const told = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

async function peaksOf(session: DeviceSession): Promise<Peaks> {
  const { software } = session;
  const pass = new Pass(session, defaultLaunchConfiguration(software));
  const arena = session.arena();
  const groups = software ? 64 : 8192;
  const rounds = software ? 256 : 4096;
  const vectors = software ? 2 ** 18 : 2 ** 24;
  const sums = arena.storage('sums', 16 * 64 * groups);
  const [source, copied] = ['from', 'to'].map((label) => arena.storage(label, 16 * vectors)) as [
    GPUBuffer,
    GPUBuffer,
  ];
  const [multiplied, moved] = (await interleaved(
    [
      recorded(pass, 1, () => pass.dispatch(fma, { sums }, { rounds }, groups)),
      recorded(pass, 1, () =>
        pass.dispatch(copyKernel, { source, copied }, { count: vectors }, Math.ceil(vectors / 64)),
      ),
    ],
    9,
  )) as [number[], number[]];
  arena.dispose();
  pass.dispose();
  return {
    gflops: (flopsARound * rounds * 64 * groups) / median(multiplied) / 1e9,
    copy: (2 * 16 * vectors) / median(moved) / 1e9,
  };
}

/** Measures peaks, products, whole steps and what only moves data. */
export async function measureGpu(gpu: GPU, runtime: string, log: Log): Promise<GpuReport> {
  const probe = await probeAdapter(gpu);
  if (probe.kind === 'none') throw new Error(`There is nothing to measure: ${probe.description}.`);
  const { limits, features } = probe.adapter;
  const run = <T>(work: (session: DeviceSession) => Promise<T>): Promise<T> => runOnDevice(gpu, work);
  log('peaks');
  const peaks = await run(peaksOf);
  const rows = [
    ...(await run((session) => benchKernels(session, log))),
    ...(await run((session) => benchBandwidth(session, log))),
  ];
  const peakOf: Readonly<Record<string, number>> = { 'GFLOP/s': peaks.gflops, 'GB/s': peaks.copy };
  return {
    adapter: probe.description,
    software: probe.kind === 'software',
    runtime,
    limits: Object.fromEntries(told.map((name) => [name, limits[name]])),
    features: [...features].sort(),
    peaks,
    rows: rows.map((row) => {
      const peak = peakOf[row.unit];
      return { ...row, share: peak === undefined ? null : row.ours / peak };
    }),
  };
}

/** The report in lines. */
export function gpuLines({ adapter, software, runtime, limits, features, peaks, rows }: GpuReport): string[] {
  return [
    `${adapter}${software ? ', a software adapter' : ''}; ${runtime}`,
    `limits: ${Object.entries(limits)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `features: ${features.join(', ')}`,
    `peaks: ${peaks.gflops.toPrecision(3)} GFLOP/s in float32, ${peaks.copy.toPrecision(3)} GB/s copied`,
    ...rows.map(({ name, ours, unit, against, ratio, share }) => {
      const ofPeak = share === null ? '' : `, ${(100 * share).toFixed(0)} % of the peak`;
      return `${name}: ${ours.toPrecision(4)} ${unit}${ofPeak}; ratio ${ratio.toFixed(2)} to ${against ?? 'the other'}`;
    }),
  ];
}
