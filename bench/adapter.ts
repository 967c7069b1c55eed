import { type AdapterProbe, probeAdapter } from '../src/gpu/adapter.ts';
import { DeviceSession } from '../src/gpu/deviceSession.ts';
import type { Bench, BenchRow, Log } from './row.ts';

let probe: Promise<AdapterProbe> | null = null;

/** The adapter of the page. */
export function benchAdapter(): Promise<AdapterProbe> {
  probe ??= probeAdapter(navigator.gpu);
  return probe;
}

/** A bench that needs a device and nothing of a browser. */
export type DeviceBench = (session: DeviceSession, log: Log) => Promise<BenchRow[]>;

/** Does some work on a device of its own. @param gpu `navigator.gpu`, or Node's */
export async function runOnDevice<T>(
  gpu: GPU | undefined,
  work: (session: DeviceSession) => Promise<T>,
): Promise<T> {
  const session = await DeviceSession.open(gpu);
  try {
    return await work(session);
  } finally {
    session.dispose();
  }
}

export function onDevice(bench: DeviceBench): Bench {
  return (log) => runOnDevice(navigator.gpu, (session) => bench(session, log));
}
