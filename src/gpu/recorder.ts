import type { BufferArena } from './buffers.ts';
import type { DeviceSession } from './deviceSession.ts';
import type { Family, Kernel } from './kernels/defineKernel.ts';

/** A buffer, or a part of one that begins at a multiple of 256 bytes. */
export type Binding =
  | GPUBuffer
  | { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number };

interface Dispatch {
  readonly kernel: Kernel;
  readonly bindings: readonly Binding[];
  readonly group: GPUBindGroup;
  readonly parametersAt: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Workgroups of a dispatch. */
export interface Grid {
  readonly x: number;
  readonly y?: number;
  readonly z?: number;
  /** Workgroups along x of one dispatch at most; more are cut into several. */
  readonly atOnce?: number;
}

type Command = Dispatch | { readonly clear: GPUBuffer };

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
  readonly #session: DeviceSession;
  readonly #device: GPUDevice;
  readonly #arena: BufferArena;
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #bufferIds = new WeakMap<GPUBuffer, number>();
  #buffersSeen = 0;
  #parameters: GPUBuffer;
  #words = new DataView(new ArrayBuffer(64 * 1024));
  #used = 0;
  #commands: Command[] = [];

  constructor(session: DeviceSession) {
    this.#session = session;
    this.#device = session.device;
    this.#arena = session.arena();
    this.#parameters = this.#createParameters();
  }

  #createParameters(): GPUBuffer {
    return this.#arena.buffer({
      label: 'parameters',
      size: this.#words.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  #grow(): void {
    const words = new DataView(new ArrayBuffer(2 * this.#words.byteLength));
    new Uint8Array(words.buffer).set(new Uint8Array(this.#words.buffer));
    this.#words = words;
    this.#arena.destroy(this.#parameters);
    this.#parameters = this.#createParameters();
    // What is recorded so far names the old buffer, so its groups are made again.
    this.#groups.clear();
    this.#commands = this.#commands.map((command) =>
      'kernel' in command ? { ...command, group: this.#group(command.kernel, command.bindings) } : command,
    );
  }

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
    const group = this.#device.createBindGroup({
      label: kernel.label,
      layout: this.#session.pipelines.of(kernel).layout,
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
    return group;
  }

  /**
   * Records a kernel over a grid of workgroups.
   * @param bindings the kernel's storage buffers in the order of their bindings
   */
  dispatch(
    kernel: Kernel,
    bindings: readonly Binding[],
    parameters: Readonly<Record<string, number>>,
    { x, y = 1, z = 1, atOnce = maxGroups }: Grid,
  ): void {
    const piece = Math.max(1, Math.min(maxGroups, atOnce));
    for (let base = 0; base < x; base += piece) {
      if (this.#used + stride > this.#words.byteLength) this.#grow();
      kernel.writeParameters(parameters, base, this.#words, this.#used);
      this.#commands.push({
        kernel,
        bindings,
        group: this.#group(kernel, bindings),
        parametersAt: this.#used,
        x: Math.min(piece, x - base),
        y,
        z,
      });
      this.#used += stride;
    }
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
      const own = this.#session.pipelines.of(command.kernel).pipeline;
      if (pipeline !== own) pass.setPipeline(own);
      pipeline = own;
      pass.setBindGroup(0, command.group, [command.parametersAt]);
      pass.dispatchWorkgroups(command.x, command.y, command.z);
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
    const dispatches = this.#commands.filter((command) => 'kernel' in command).length;
    if (!this.#device.features.has('timestamp-query') || 2 * dispatches > 4096) {
      this.submit();
      return null;
    }
    this.#upload();
    const querySet = this.#device.createQuerySet({ type: 'timestamp', count: 2 * dispatches });
    const size = 16 * dispatches;
    const resolved = this.#arena.buffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const readable = this.#arena.buffer({
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = this.#device.createCommandEncoder();
    const timed = this.#encode(encoder, querySet);
    encoder.resolveQuerySet(querySet, 0, 2 * timed.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    this.#reset();
    return readable
      .mapAsync(GPUMapMode.READ)
      .then(() => sumByFamily(timed, new BigUint64Array(readable.getMappedRange())))
      .finally(() => {
        this.#arena.destroy(readable);
        this.#arena.destroy(resolved);
        querySet.destroy();
      });
  }

  dispose(): void {
    this.#arena.dispose();
    this.#groups.clear();
    this.#commands = [];
  }
}

/** @param stamps nanoseconds before and behind each dispatch */
function sumByFamily(timed: readonly Family[], stamps: BigUint64Array): Timings {
  const times = new Map<Family, number>();
  timed.forEach((family, i) => {
    const ms = Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6;
    times.set(family, (times.get(family) ?? 0) + ms);
  });
  return times;
}
