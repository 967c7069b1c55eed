import type { Family, Kernel } from './kernels/kernel.ts';

/** A buffer, or a part of one that begins at a multiple of 256 bytes. */
export type Binding =
  | GPUBuffer
  | { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number };

interface Dispatch {
  readonly kernel: Kernel;
  readonly group: GPUBindGroup;
  readonly parametersAt: number;
  readonly x: number;
  readonly y: number;
}

interface Copy {
  readonly from: GPUBuffer;
  readonly fromOffset: number;
  readonly to: GPUBuffer;
  readonly toOffset: number;
  readonly size: number;
}

type Command = Dispatch | Copy | { readonly clear: GPUBuffer };

/** Parameters of one dispatch begin at a multiple of this many bytes, the largest alignment a device may ask. */
const stride = 256;
const groupsKept = 2048;
/** WebGPU's default limit of workgroups along one axis. */
const maxGroups = 65535;

/** Milliseconds by kernel family. */
export type Timings = ReadonlyMap<Family, number>;

/**
 * Collects dispatches and submits them as one command buffer. Bind groups are kept from step to step;
 * the parameters of all dispatches go up in one write.
 */
export class Recorder {
  readonly #device: GPUDevice;
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #bufferIds = new WeakMap<GPUBuffer, number>();
  #buffersSeen = 0;
  #parameters: GPUBuffer;
  #words = new DataView(new ArrayBuffer(64 * 1024));
  #used = 0;
  #commands: Command[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#parameters = this.#createParameters();
  }

  #createParameters(): GPUBuffer {
    return this.#device.createBuffer({
      label: 'parameters',
      size: this.#words.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  #grow(): void {
    const words = new DataView(new ArrayBuffer(2 * this.#words.byteLength));
    new Uint8Array(words.buffer).set(new Uint8Array(this.#words.buffer));
    this.#words = words;
    const old = this.#parameters;
    this.#parameters = this.#createParameters();
    // What is recorded so far names the old buffer, so its groups are made again.
    this.#groups.clear();
    this.#commands = this.#commands.map((command) => {
      if (!('kernel' in command)) return command;
      const bindings = this.#bindingsOf.get(command.group);
      if (!bindings) throw new Error('A recorded bind group is unknown.');
      return { ...command, group: this.#group(command.kernel, bindings) };
    });
    old.destroy();
  }

  readonly #bindingsOf = new WeakMap<GPUBindGroup, readonly Binding[]>();

  #idOf(buffer: GPUBuffer): number {
    let id = this.#bufferIds.get(buffer);
    if (id === undefined) {
      id = this.#buffersSeen++;
      this.#bufferIds.set(buffer, id);
    }
    return id;
  }

  #group(kernel: Kernel, bindings: readonly Binding[]): GPUBindGroup {
    let key = String(kernel.id);
    for (const binding of bindings) {
      key +=
        'buffer' in binding
          ? ` ${this.#idOf(binding.buffer)}@${binding.offset}+${binding.size}`
          : ` ${this.#idOf(binding)}`;
    }
    const known = this.#groups.get(key);
    if (known) return known;
    if (bindings.length !== kernel.storageCount) {
      throw new Error(
        `${kernel.pipeline.label} takes ${kernel.storageCount} buffers, not ${bindings.length}.`,
      );
    }
    const group = this.#device.createBindGroup({
      label: kernel.pipeline.label,
      layout: kernel.layout,
      entries: [
        { binding: 0, resource: { buffer: this.#parameters, size: stride } },
        ...bindings.map((binding, i) => ({
          binding: i + 1,
          resource: 'buffer' in binding ? binding : { buffer: binding },
        })),
      ],
    });
    // Batches differ in size, so the places of their data do; what is not met again must not pile up.
    if (this.#groups.size >= groupsKept) this.#groups.clear();
    this.#groups.set(key, group);
    this.#bindingsOf.set(group, bindings);
    return group;
  }

  /**
   * Records a dispatch of `groups` workgroups along x and `layers` along y.
   * @param bindings the kernel's storage buffers in the order of their bindings
   * @param parameters all fields of its `Parameters` but `base`
   * @param atOnce workgroups of one dispatch at most; more are cut into several
   */
  run(
    kernel: Kernel,
    bindings: readonly Binding[],
    parameters: Readonly<Record<string, number>>,
    groups: number,
    layers = 1,
    atOnce = maxGroups,
  ): void {
    const piece = Math.max(1, Math.min(maxGroups, atOnce));
    for (let base = 0; base < groups; base += piece) {
      if (this.#used + stride > this.#words.byteLength) this.#grow();
      kernel.writeParameters({ ...parameters, base }, this.#words, this.#used);
      this.#commands.push({
        kernel,
        group: this.#group(kernel, bindings),
        parametersAt: this.#used,
        x: Math.min(piece, groups - base),
        y: layers,
      });
      this.#used += stride;
    }
  }

  copy(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, size: number): void {
    this.#commands.push({ from, fromOffset, to, toOffset, size });
  }

  clear(buffer: GPUBuffer): void {
    this.#commands.push({ clear: buffer });
  }

  #encode(encoder: GPUCommandEncoder, timestamps: GPUQuerySet | null): Family[] {
    const timed: Family[] = [];
    let pass: GPUComputePassEncoder | null = null;
    let pipeline: GPUComputePipeline | null = null;
    const endPass = (): void => {
      pass?.end();
      pass = null;
      pipeline = null;
    };
    for (const command of this.#commands) {
      if ('clear' in command) {
        endPass();
        encoder.clearBuffer(command.clear);
        continue;
      }
      if ('from' in command) {
        endPass();
        encoder.copyBufferToBuffer(
          command.from,
          command.fromOffset,
          command.to,
          command.toOffset,
          command.size,
        );
        continue;
      }
      if (timestamps) {
        endPass();
        if (2 * timed.length + 2 > timestamps.count) break;
        pass = encoder.beginComputePass({
          timestampWrites: {
            querySet: timestamps,
            beginningOfPassWriteIndex: 2 * timed.length,
            endOfPassWriteIndex: 2 * timed.length + 1,
          },
        });
        timed.push(command.kernel.family);
      }
      pass ??= encoder.beginComputePass();
      if (pipeline !== command.kernel.pipeline) pass.setPipeline(command.kernel.pipeline);
      pipeline = command.kernel.pipeline;
      pass.setBindGroup(0, command.group, [command.parametersAt]);
      pass.dispatchWorkgroups(command.x, command.y);
    }
    endPass();
    return timed;
  }

  #upload(): void {
    this.#device.queue.writeBuffer(this.#parameters, 0, this.#words.buffer, 0, this.#used);
  }

  #reset(): void {
    this.#commands = [];
    this.#used = 0;
  }

  /** Submits all that was recorded since the last time, as one command buffer. */
  submit(): void {
    this.#upload();
    const encoder = this.#device.createCommandEncoder();
    this.#encode(encoder, null);
    this.#device.queue.submit([encoder.finish()]);
    this.#reset();
  }

  /**
   * Submits like {@link submit}, each dispatch in a pass of its own between two timestamps.
   * @returns a promise of the time in each family, null where the device has no timestamps
   */
  submitTimed(): Promise<Timings> | null {
    if (!this.#device.features.has('timestamp-query')) {
      this.submit();
      return null;
    }
    const dispatches = this.#commands.filter((command) => 'kernel' in command).length;
    if (2 * dispatches > 4096) {
      this.submit();
      return null;
    }
    this.#upload();
    const querySet = this.#device.createQuerySet({ type: 'timestamp', count: 2 * dispatches });
    const size = 16 * dispatches;
    const resolved = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const readable = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = this.#device.createCommandEncoder();
    const timed = this.#encode(encoder, querySet);
    encoder.resolveQuerySet(querySet, 0, 2 * timed.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    this.#reset();
    return readable.mapAsync(GPUMapMode.READ).then(() => {
      const stamps = new BigUint64Array(readable.getMappedRange());
      const times = new Map<Family, number>();
      timed.forEach((family, i) => {
        const ms = Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6;
        times.set(family, (times.get(family) ?? 0) + ms);
      });
      readable.destroy();
      resolved.destroy();
      querySet.destroy();
      return times;
    });
  }

  dispose(): void {
    this.#parameters.destroy();
    this.#groups.clear();
    this.#commands = [];
  }
}
