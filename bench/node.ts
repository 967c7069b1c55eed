import { probeAdapter } from '../src/gpu/adapter.ts';
import { type DeviceBench, runOnDevice } from './adapter.ts';
import { benchBandwidth } from './bandwidth.ts';
import { benchKernels } from './kernels.ts';
import type { BenchRow, Log } from './row.ts';

/** Benches that Node can run. */
export const nodeBenches: Readonly<Record<string, DeviceBench>> = {
  kernels: benchKernels,
  bandwidth: benchBandwidth,
};

export async function describeAdapter(gpu: GPU): Promise<string> {
  return (await probeAdapter(gpu)).description;
}

export async function runNodeBench(gpu: GPU, name: string, log: Log): Promise<BenchRow[]> {
  const bench = nodeBenches[name];
  if (!bench) {
    throw new Error(`In Node there is no bench "${name}"; there are ${Object.keys(nodeBenches).join(', ')}.`);
  }
  return await runOnDevice(gpu, (session) => bench(session, log));
}

export { gpuLines, measureGpu } from './gpuReport.ts';
