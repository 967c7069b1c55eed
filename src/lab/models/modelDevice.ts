import { inTurn } from '../../base/inTurn.ts';
import { sentenceOf } from '../../base/userError.ts';
import { DeviceLost } from '../../gpu/deviceLost.ts';
import { DeviceOwner, type DeviceSession } from '../../gpu/deviceSession.ts';
import { runtimeHost } from './runtime.ts';

// The runtime is one a worker, and so are its device and the queue before it.
let owner: DeviceOwner | null = null;

/**
 * The device on which this worker's models run, another one where the last was lost. It is opened here and handed to
 * the runtime, which would not tell when its own is lost. Null where the runtime opens its own, as in Node.
 * @throws UserError where there is no WebGPU
 */
export async function modelDevice(): Promise<DeviceSession | null> {
  if (runtimeHost()) return null;
  owner ??= new DeviceOwner(navigator.gpu);
  return await owner.session();
}

/** After a loss the runtime should end what it does within this; else it never will. */
const patience = 10_000;

// The build for WebGPU suspends one call at a time.
const turn = inTurn();
let giveUp: (error: DeviceLost) => void = () => {};
const givenUp = new Promise<never>((_, reject) => {
  giveUp = reject;
});
// Whoever waits is told; where nobody does, that is no fault.
givenUp.catch(() => {});

/** Lets the runtime do something once it has done what it was asked before. @throws DeviceLost when it never will */
export function afterWork<T>(work: () => Promise<T>): Promise<T> {
  return Promise.race([turn(work), givenUp]);
}

/**
 * Lets the runtime do something on a device.
 * @throws DeviceLost when the device is lost by then, whatever came of the work
 */
export async function onDevice<T>(device: DeviceSession | null, work: () => Promise<T>): Promise<T> {
  let over = false;
  const silence = async (lost: Promise<unknown>): Promise<never> => {
    await lost;
    await new Promise((resolve) => setTimeout(resolve, patience));
    const error = new DeviceLost(device?.ended ?? 'unknown');
    // What never returns leaves the runtime suspended, for all its sessions.
    if (!over) giveUp(error);
    throw error;
  };
  try {
    const working = afterWork(work);
    const done = await (device ? Promise.race([working, silence(device.lost)]) : working);
    if (device?.ended) throw new DeviceLost(device.ended);
    return done;
  } catch (error) {
    if (error instanceof DeviceLost) throw error;
    const why = device ? await device.endedSoon() : lossIn(sentenceOf(error));
    throw why === null ? error : new DeviceLost(why);
  } finally {
    over = true;
  }
}

/** How a runtime with a device of its own says that it is lost; null where it says something else. */
function lossIn(message: string): string | null {
  return /device (?:is |was )?(?:lost|destroyed)|MapAsyncStatus/i.test(message)
    ? message.split('\n', 1)[0]!.slice(0, 200)
    : null;
}
