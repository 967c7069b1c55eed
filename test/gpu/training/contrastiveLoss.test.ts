import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContrastiveLoss } from '../../../src/gpu/training/losses/contrastiveLoss.ts';
import { documentsFrom } from '../../../src/gpu/training/losses/loss.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { expectCentralDifferences } from '../kernels/float64/centralDifference.ts';
import { contrastive } from '../kernels/float64/contrastive.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterAll(() => bed.session.dispose());

test.each([
  ['few queries', 5, 13, 20],
  ['columns that are no multiple of 4', 7, 7, 11],
  ['more queries than are scored at once', 70, 81, 12],
])('losses and gradient: %s', async (_, queries, documents, columns) => {
  const random = freshRandom();
  const scale = 20;
  const { device } = bed.session;
  // Blocks of 64 queries, the fewest there are.
  const loss = new ContrastiveLoss(bed.pass, columns, scale, 1);
  loss.reserve({ queries, documents });
  const given = random.normal((queries + documents) * columns);
  const from = documentsFrom(queries);
  device.queue.writeBuffer(loss.pooled, 0, given, 0, queries * columns);
  device.queue.writeBuffer(loss.pooled, 4 * from * columns, given, queries * columns);
  loss.record();
  await bed.submit();
  const losses = await bed.read(loss.losses, queries);
  const all = await bed.read(loss.gradient, (from + documents) * columns);
  loss.destroy();

  const vectors = Float64Array.from(given);
  const right = contrastive({ queries, documents, columns, vectors, scale });
  expect(losses).toBeAllclose(right.losses, { atol: 1e-5, rtol: 1e-5 });
  expect(all.subarray(0, queries * columns)).toBeAllclose(right.gradient.subarray(0, queries * columns), {
    atol: 1e-5,
  });
  expect(all.subarray(from * columns)).toBeAllclose(right.gradient.subarray(queries * columns), {
    atol: 1e-5,
  });
  const mean = (): number => {
    const again = contrastive({ queries, documents, columns, vectors, scale });
    return again.losses.reduce((sum, one) => sum + one, 0) / queries;
  };
  expectCentralDifferences(random, mean, vectors, right.gradient, 'vectors');
});
