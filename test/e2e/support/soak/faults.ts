import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generator } from '../../../../src/base/random.ts';
import type { SoakLab } from './soakLab.ts';

export const faultNames = ['reload', 'tab killed', 'GPU lost', 'storage full', 'network cut'] as const;
export type FaultName = (typeof faultNames)[number];

/** Faults without end, the same ones for a seed. */
export function* faultsFrom(seed: number): Generator<FaultName, never> {
  const random = generator(seed);
  for (;;) yield faultNames[uniformInt(random, 0, faultNames.length - 1)]!;
}

/** As long as the network or room is away. */
const awayMs = 10_000;

const strikes: Readonly<Record<FaultName, (lab: SoakLab) => Promise<void>>> = {
  async reload({ page }) {
    await page.reload();
  },
  'tab killed': (lab) => lab.killTab(),
  'GPU lost': (lab) => lab.killGpu(),
  async 'storage full'({ page, origin }) {
    const session = await page.context().newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 2 ** 16 });
    await pause(awayMs);
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await session.detach();
  },
  async 'network cut'(lab) {
    lab.cut(true);
    try {
      await pause(awayMs);
    } finally {
      lab.cut(false);
    }
  },
};

/** @returns once what was away is back; the page may lie in ruins */
export async function strike(fault: FaultName, lab: SoakLab): Promise<void> {
  await strikes[fault](lab);
}
