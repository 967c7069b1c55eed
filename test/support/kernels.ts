import type { BufferArena } from '../../src/gpu/buffers.ts';
import type { DeviceSession } from '../../src/gpu/deviceSession.ts';
import { defaultLaunchConfiguration } from '../../src/gpu/launchConfiguration.ts';
import { Pass } from '../../src/gpu/pass.ts';

type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** What a test of kernels works with: buffers come and go with it. */
export class KernelBed {
  readonly session: DeviceSession;
  readonly pass: Pass;
  readonly #arena: BufferArena;

  constructor(session: DeviceSession) {
    this.session = session;
    this.pass = new Pass(session, defaultLaunchConfiguration(true));
    this.#arena = session.arena();
  }

  put(data: Words): GPUBuffer {
    const buffer = this.#arena.storage('test data', Math.max(16, data.byteLength));
    this.session.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  /** Filled with NaN, so that what a kernel forgets to write, or reads before, is seen. */
  empty(floats: number): GPUBuffer {
    return this.put(new Float32Array(floats).fill(Number.NaN));
  }

  zeros(floats: number): GPUBuffer {
    return this.put(new Float32Array(floats));
  }

  /** Submits what was recorded; a fault of a shader or a binding is thrown. */
  async submit(): Promise<void> {
    this.pass.submit();
    await this.session.idle();
  }

  async read(buffer: GPUBuffer, floats: number): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.session.read(buffer, 4 * floats));
  }

  /** Lets go of the buffers; the compiled kernels stay. */
  clear(): void {
    this.#arena.clear();
  }
}
