import { probeAdapter } from '../../src/gpu/adapter.ts';
import { requestFullDevice } from '../../src/gpu/device.ts';

/** A device for a test of kernels; without one there is nothing to test, and that is no pass. */
export async function testDevice(): Promise<GPUDevice> {
  const probe = await probeAdapter(navigator.gpu);
  if (probe.kind === 'none') throw new Error('These tests need a WebGPU adapter, if only a software one.');
  const device = await requestFullDevice(probe.adapter);
  device.addEventListener('uncapturederror', (event) => {
    throw new Error(event.error.message);
  });
  return device;
}
