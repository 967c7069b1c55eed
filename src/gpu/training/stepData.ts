import { storageBuffer } from '../buffers.ts';
import type { Binding } from '../recorder.ts';

/** Bytes: a binding begins at a multiple of this. */
const alignment = 256;

/** Indices that the host gives each step, all in one buffer, which grows as steps need. */
export class StepData {
  readonly #device: GPUDevice;
  #buffer: GPUBuffer;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#buffer = storageBuffer(device, 'step data', 1024);
  }

  /** Puts arrays on the device in place of the last step's. @returns a binding each */
  write(arrays: readonly Uint32Array[]): Binding[] {
    const offsets: number[] = [];
    let end = 0;
    for (const { byteLength } of arrays) {
      offsets.push(end);
      // An empty array has a place too: no binding may be empty.
      end += Math.ceil(Math.max(16, byteLength) / alignment) * alignment;
    }
    if (end > this.#buffer.size) {
      this.#buffer.destroy();
      this.#buffer = storageBuffer(this.#device, 'step data', 2 ** Math.ceil(Math.log2(end)));
    }
    const all = new Uint8Array(end);
    for (const [index, { buffer, byteOffset, byteLength }] of arrays.entries()) {
      all.set(new Uint8Array(buffer, byteOffset, byteLength), offsets[index]);
    }
    this.#device.queue.writeBuffer(this.#buffer, 0, all);
    return arrays.map(({ byteLength }, index) => ({
      buffer: this.#buffer,
      offset: offsets[index]!,
      size: Math.max(16, byteLength),
    }));
  }

  destroy(): void {
    this.#buffer.destroy();
  }
}
