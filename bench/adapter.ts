import { type AdapterProbe, probeAdapter } from '../src/gpu/adapter.ts';
import { requestFullDevice } from '../src/gpu/device.ts';
import type { Bench, BenchRow, Log } from './row.ts';

let probe: Promise<AdapterProbe> | null = null;

/** The adapter of the page; it gives one device only. */
export function benchAdapter(): Promise<AdapterProbe> {
  probe ??= probeAdapter(navigator.gpu);
  return probe;
}

/** A bench that needs a device and nothing of a browser. */
export type DeviceBench = (device: GPUDevice, software: boolean, log: Log) => Promise<BenchRow[]>;

/** Runs a bench on a device of its own. @param gpu `navigator.gpu`, or Node's */
export async function runOnDevice(gpu: GPU | undefined, bench: DeviceBench, log: Log): Promise<BenchRow[]> {
  const adapter = await probeAdapter(gpu);
  if (adapter.kind === 'none') throw new Error(`There is nothing to bench on: ${adapter.description}.`);
  const device = await requestFullDevice(adapter.adapter);
  try {
    return await bench(device, adapter.kind === 'software', log);
  } finally {
    device.destroy();
  }
}

export function onDevice(bench: DeviceBench): Bench {
  return (log) => runOnDevice(navigator.gpu, bench, log);
}
