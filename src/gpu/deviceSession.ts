import { UserError } from '../base/userError.ts';
import { probeAdapter } from './adapter.ts';
import { BufferArena, lostProblem, readBack, settled } from './buffers.ts';
import { Pipelines } from './pipelines.ts';

/** Features that kernels use where they are, and never need. */
const wanted: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * A device with all that its adapter offers: the limits are the adapter's own (the defaults hold a
 * binding to 128 MiB), and of the features those that kernels can use.
 */
async function requestFullDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  // The limits are getters of the prototype; not every one of them may be asked for in every browser.
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') requiredLimits[name] = value;
  }
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  return await adapter.requestDevice({ requiredLimits, requiredFeatures });
}

/** The one owner of a device: of its buffers, its compiled kernels, and of what went wrong on it. */
export class DeviceSession {
  readonly device: GPUDevice;
  /** An adapter that runs on the processor. */
  readonly software: boolean;
  /** The adapter's name. */
  readonly adapter: string;
  readonly pipelines: Pipelines;
  /** Settles when the device is lost, with what to tell the user. */
  readonly lost: Promise<UserError>;
  readonly #arenas = new Set<BufferArena>();
  #fault: Error | null = null;
  #gone: UserError | null = null;
  #ended: string | null = null;

  /** @throws UserError where there is no WebGPU */
  static async open(gpu: GPU | undefined): Promise<DeviceSession> {
    const probe = await probeAdapter(gpu);
    if (probe.kind === 'none') {
      throw new UserError(`This needs WebGPU, but ${probe.description}; use a current browser.`);
    }
    // An adapter gives one device only, so each session asks for its own.
    const device = await requestFullDevice(probe.adapter);
    return new DeviceSession(device, probe.kind === 'software', probe.description);
  }

  private constructor(device: GPUDevice, software: boolean, adapter: string) {
    this.device = device;
    this.software = software;
    this.adapter = adapter;
    this.pipelines = new Pipelines(device);
    this.lost = device.lost.then((info) => {
      this.#gone = lostProblem(info);
      this.#ended ??= info.message || info.reason;
      return this.#gone;
    });
    device.addEventListener('uncapturederror', this.#onFault);
  }

  // A submission with a fault does nothing, silently: without this, old results would be read as new ones.
  readonly #onFault = ({ error }: GPUUncapturedErrorEvent): void => {
    const full = error instanceof GPUOutOfMemoryError;
    this.#fault ??= full
      ? new UserError('The GPU has no memory left for this; take a smaller miniBatchSize, or fewer layers.')
      : new Error(error.message);
    this.#ended ??= full ? 'no memory left' : error.message;
  };

  /** False once the device is lost or has met a fault: then only another session helps. */
  get usable(): boolean {
    return !this.#gone && !this.#fault;
  }

  /** What ended the device, in a few words; null while it is usable. */
  get ended(): string | null {
    return this.usable ? null : (this.#ended ?? 'unknown').split('\n', 1)[0]!.replace(/\.$/, '');
  }

  /** {@link ended}, after work has failed: what came of a device may be told before the loss that was its cause. */
  async endedSoon(): Promise<string | null> {
    if (this.usable) await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, 200))]);
    return this.ended;
  }

  /** Gives the device up, since what it gives cannot be right. */
  distrust(why: string): void {
    this.#fault ??= new Error(`The GPU is not used any more: ${why}.`);
    this.#ended ??= why;
  }

  /** What the device objected to since the session was opened. */
  throwFault(): void {
    if (this.#fault) throw this.#fault;
  }

  /** A place for buffers that go together. */
  arena(): BufferArena {
    const arena = new BufferArena(this.device, () => this.#arenas.delete(arena));
    this.#arenas.add(arena);
    return arena;
  }

  /** Waits for work. @throws UserError when the device was lost or has no memory left */
  async settled<T>(work: Promise<T>): Promise<T> {
    const done = await settled(this.device, work);
    // What a compiler says tells more than the faults that follow from it.
    const compileFault = await settled(this.device, this.pipelines.fault());
    if (compileFault) this.#ended = compileFault.message;
    this.#fault = compileFault ?? this.#fault;
    // Work on a lost device may settle as if it were done.
    if (this.#gone) throw this.#gone;
    this.throwFault();
    return done;
  }

  /** Waits for all that was submitted. @throws UserError when the device was lost or has no memory left */
  async idle(): Promise<void> {
    await this.settled(this.device.queue.onSubmittedWorkDone());
  }

  /** Copies the first `bytes` of a buffer back. @throws like {@link settled} */
  async read(buffer: GPUBuffer, bytes = buffer.size): Promise<ArrayBuffer> {
    return await this.settled(readBack(this.device, buffer, bytes));
  }

  /** Lets go of the device and of every buffer on it. */
  dispose(): void {
    for (const arena of [...this.#arenas]) arena.dispose();
    this.device.removeEventListener('uncapturederror', this.#onFault);
    this.device.destroy();
  }
}

/** Opens a session when it is first asked for, and another one when the last is not usable any more. */
export class DeviceOwner {
  readonly #gpu: GPU | undefined;
  #current: Promise<DeviceSession> | null = null;

  constructor(gpu: GPU | undefined) {
    this.#gpu = gpu;
  }

  /** @throws UserError where there is no WebGPU */
  session(): Promise<DeviceSession> {
    // One behind another, so that of two that ask at once the second gets what the first opened.
    this.#current = this.#after(this.#current);
    return this.#current;
  }

  async #after(before: Promise<DeviceSession> | null): Promise<DeviceSession> {
    const last = await before?.catch(() => null);
    if (last?.usable) return last;
    last?.dispose();
    return await DeviceSession.open(this.#gpu);
  }

  /** Ends the session, if there is one; waits for one that is still being opened. */
  async dispose(): Promise<void> {
    const last = await this.#current?.catch(() => null);
    this.#current = null;
    last?.dispose();
  }
}
