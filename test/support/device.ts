import { DeviceSession } from '../../src/gpu/deviceSession.ts';

/** A session for a test of kernels; without WebGPU there is nothing to test, and that is no pass. */
export async function testSession(): Promise<DeviceSession> {
  const session = await DeviceSession.open(navigator.gpu);
  session.device.addEventListener('uncapturederror', (event) => {
    throw new Error(event.error.message);
  });
  return session;
}
