import { DeviceOwner, type DeviceSession } from '../../src/gpu/deviceSession.ts';

/** Ends a device right behind its `count`-th submission from now on. */
export function loseAfter({ device }: DeviceSession, count: number): void {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  let left = count;
  queue.submit = (commands) => {
    submit(commands);
    if (--left === 0) device.destroy();
  };
}

/** Gives devices of which the first few end, each behind so many submissions. */
export class LossyOwner extends DeviceOwner {
  readonly #ends: number[];
  readonly #seen = new WeakSet<DeviceSession>();

  constructor(gpu: GPU, ends: readonly number[]) {
    super(gpu);
    this.#ends = [...ends];
  }

  override async session(): Promise<DeviceSession> {
    const session = await super.session();
    if (this.#seen.has(session)) return session;
    this.#seen.add(session);
    const end = this.#ends.shift();
    if (end !== undefined) loseAfter(session, end);
    return session;
  }
}
