import { UserError } from '../base/userError.ts';

/** Bytes that can be bound at once. */
export function bindingLimit({ limits }: GPUDevice): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/**
 * A storage buffer that can be written and read back.
 * @throws UserError when the adapter cannot bind that much at once
 */
export function storageBuffer(device: GPUDevice, label: string, bytes: number): GPUBuffer {
  const size = Math.max(4, Math.ceil(bytes / 4) * 4);
  const limit = bindingLimit(device);
  if (size > limit) {
    throw new UserError(
      `${label} takes ${Math.ceil(size / 2 ** 20)} MiB, but this GPU binds ${Math.floor(limit / 2 ** 20)} MiB at most; take a smaller sample.`,
    );
  }
  return device.createBuffer({
    label,
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
}

/** Buffers that go together. */
export class BufferArena {
  readonly #device: GPUDevice;
  readonly #buffers = new Set<GPUBuffer>();
  readonly #onDispose: () => void;

  constructor(device: GPUDevice, onDispose: () => void) {
    this.#device = device;
    this.#onDispose = onDispose;
  }

  /**
   * A storage buffer that can be written and read back.
   * @throws UserError when the adapter cannot bind that much at once
   */
  storage(label: string, bytes: number): GPUBuffer {
    return this.#keep(storageBuffer(this.#device, label, bytes));
  }

  buffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    return this.#keep(this.#device.createBuffer(descriptor));
  }

  #keep(buffer: GPUBuffer): GPUBuffer {
    this.#buffers.add(buffer);
    return buffer;
  }

  destroy(buffer: GPUBuffer | null): void {
    buffer?.destroy();
    if (buffer) this.#buffers.delete(buffer);
  }

  /** Destroys all of them; more can be made. */
  clear(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
  }

  dispose(): void {
    this.clear();
    this.#onDispose();
  }
}

/** What to tell the user when the device is gone. */
export function lostProblem(info: GPUDeviceLostInfo): UserError {
  return new UserError(
    `The GPU was lost (${info.message || info.reason}); start again, with WebAssembly if it happens again.`,
  );
}

/**
 * Waits for what was submitted. After a device is lost nothing that it is told happens, and nothing
 * says so; this does.
 */
export async function settled<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  const lost = device.lost.then((info): never => {
    throw lostProblem(info);
  });
  return await Promise.race([work, lost]);
}

/** Copies the first `bytes` of a buffer back. */
export async function readBack(
  device: GPUDevice,
  buffer: GPUBuffer,
  bytes = buffer.size,
): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await settled(device, staging.mapAsync(GPUMapMode.READ));
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
