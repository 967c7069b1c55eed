import { expect, test } from 'vitest';
import { inTurn } from '../../../src/base/inTurn.ts';

test('work waits for what was asked before, also for what fails, and each call gets its own answer', async () => {
  const turn = inTurn();
  const order: string[] = [];
  const slow = turn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push('slow');
    throw new Error('in vain');
  });
  const quick = turn(async () => {
    order.push('quick');
    return 2;
  });
  await expect(slow).rejects.toThrow('in vain');
  expect(await quick).toBe(2);
  expect(order).toEqual(['slow', 'quick']);
});
