import { readBack, settled, storageBuffer } from '../../src/gpu/buffers.ts';
import { KernelCache } from '../../src/gpu/kernels/kernel.ts';
import { Recorder } from '../../src/gpu/recorder.ts';

type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** What a test of kernels works with: buffers come and go with it. */
export class KernelBed {
  readonly device: GPUDevice;
  readonly kernels: KernelCache;
  readonly recorder: Recorder;
  readonly #buffers: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
    this.kernels = new KernelCache(device);
    this.recorder = new Recorder(device);
  }

  put(data: Words): GPUBuffer {
    const buffer = storageBuffer(this.device, 'test data', Math.max(16, data.byteLength));
    this.device.queue.writeBuffer(buffer, 0, data);
    this.#buffers.push(buffer);
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
    this.device.pushErrorScope('validation');
    this.recorder.submit();
    const fault = await settled(this.device, this.device.popErrorScope());
    if (fault) throw new Error(fault.message);
  }

  async read(buffer: GPUBuffer, floats: number): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await readBack(this.device, buffer, 4 * floats));
  }

  /** Lets go of the buffers; the compiled kernels stay. */
  clear(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
  }
}
