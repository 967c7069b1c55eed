import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoss, type LossName, type LossOptions } from '../../../src/gpu/training/losses/createLoss.ts';
import { documentsFrom, type TeacherValues } from '../../../src/gpu/training/losses/loss.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { expectCentralDifferences } from '../kernels/float64/centralDifference.ts';
import { klDivergence, marginMse, ofCandidates, squaredError } from '../kernels/float64/distillation.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterAll(() => bed.session.dispose());

/** Losses, and the gradient at the vectors of queries and then documents. */
async function recorded(
  options: LossOptions,
  queries: number,
  columns: number,
  vectors: Float32Array<ArrayBuffer>,
  teacher: TeacherValues,
): Promise<{ losses: Float32Array; gradient: Float32Array }> {
  const { queue } = bed.session.device;
  const loss = createLoss(bed.pass, columns, options);
  const documents = vectors.length / columns - queries;
  loss.reserve({ queries, documents }, teacher);
  const from = documentsFrom(queries);
  queue.writeBuffer(loss.pooled, 0, vectors, 0, queries * columns);
  queue.writeBuffer(loss.pooled, 4 * from * columns, vectors, queries * columns);
  loss.record(1);
  await bed.submit();
  const losses = await bed.read(loss.losses, loss.lossCount);
  const all = await bed.read(loss.gradient, (from + documents) * columns);
  loss.destroy();
  const gradient = new Float32Array(vectors.length);
  gradient.set(all.subarray(0, queries * columns));
  gradient.set(all.subarray(from * columns), queries * columns);
  return { losses, gradient };
}

// A query along x; its positive the same; its negative along y.
const byHand = Float32Array.of(1, 0, 1, 0, 0, 1);
const scoresOf = (...scores: number[]): TeacherValues => ({
  kind: 'scores',
  candidates: [[0, 1]],
  scores: [scores],
});

describe('an example worked by hand', () => {
  test('mse: the mean of squared differences, each by its text', async () => {
    // Off by (1, 0) and (0, 1): half of 1 each; the gradient is 2 (x - t) over four numbers.
    const teacher: TeacherValues = { kind: 'vectors', vectors: Float32Array.of(0, 0, 1, 1) };
    const given = Float32Array.of(1, 0, 1, 2);
    const { losses, gradient } = await recorded(
      { loss: 'mse', scale: 1, temperature: 1 },
      1,
      2,
      given,
      teacher,
    );
    expect([...losses]).toEqual([0.5, 0.5]);
    expect([...gradient]).toEqual([0.5, 0, 0, 0.5]);
  });

  test('margin-mse: the margin is 1 and should be 2', async () => {
    // (1 - 2)² = 1. The scores' gradient is -2 and 2; what lies along a vector does not turn it.
    const options = { loss: 'margin-mse', scale: 1, temperature: 1 } as const;
    const { losses, gradient } = await recorded(options, 1, 2, byHand, scoresOf(3, 1));
    expect(losses).toBeAllclose([1]);
    expect(gradient).toBeAllclose([0, 2, 0, 0, 2, 0]);
  });

  test('kl: softmax of (1, 0) against an undecided teacher', async () => {
    // r = e / (1 + e) = 0.731059; log 1/2 - (log 0.731059 + log 0.268941) / 2 = -0.693147 + 0.813262.
    const options = { loss: 'kl', scale: 1, temperature: 1 } as const;
    const { losses, gradient } = await recorded(options, 1, 2, byHand, scoresOf(5, 5));
    expect(losses).toBeAllclose([0.120115]);
    expect(gradient).toBeAllclose([0, -0.231059, 0, 0, -0.231059, 0]);
  });

  test('a loss at two layers: the lower one’s is added, and how far it is from the last', async () => {
    const options = { loss: 'mse', scale: 1, temperature: 1, layersBelow: 1 } as const;
    const loss = createLoss(bed.pass, 2, options);
    loss.reserve({ queries: 1, documents: 1 }, { kind: 'vectors', vectors: new Float32Array(4) });
    const { queue } = bed.session.device;
    const [below] = loss.below!;
    const from = documentsFrom(1);
    for (const { pooled } of [loss, below!]) queue.writeBuffer(pooled, 0, new Float32Array(2 * from + 2));
    // 0.3 ln 3 = 0.329584, so that softmax over the temperature 0.3 is (3, 1) / 4; the last layer's is (1, 1) / 2.
    queue.writeBuffer(below!.pooled, 0, Float32Array.of(0.3 * Math.log(3), 0));
    loss.record(1);
    await bed.submit();
    // 0.329584² / 2, and 0.3 times (ln 2/3 + ln 2) / 2 = 0.143841.
    expect(await bed.read(loss.losses, 2)).toBeAllclose([0.054313 + 0.3 * 0.143841, 0]);
    // 2 · 0.329584 / 4 of the loss; (3/4 - 1/2) / 2 of the divergence.
    expect(await bed.read(below!.gradient, 2)).toBeAllclose([0.164792 + 0.125, -0.125]);
    // The last layer teaches, and takes no gradient from that.
    expect([...(await bed.read(loss.gradient, 2))]).toEqual([0, 0]);
    loss.destroy();
  });
});

const sizes: readonly (readonly [string, number, number])[] = [
  ['columns by fours', 5, 20],
  ['columns that are no multiple of 4, more queries than a workgroup takes', 67, 7],
];

describe.each(sizes)('losses and gradient: %s', (_, queries, columns) => {
  test.each<LossName>(['mse', 'margin-mse', 'kl'])('%s', async (loss) => {
    const random = freshRandom();
    const scale = 3;
    const temperature = 1.5;
    // Queries have one to three negatives, and the first of a larger batch none.
    const counts = Array.from({ length: queries }, (__, q) =>
      q === 0 && queries > 5 ? 0 : random.int(1, 3),
    );
    let next = queries;
    const candidates = counts.map((count, q) => [q, ...Array.from({ length: count }, () => next++)]);
    const given = random.normal((queries + next) * columns);
    const vectors = Float64Array.from(given);
    const scores = candidates.map((own) => [...random.normal(own.length)]);
    const teachers = random.normal(given.length);
    const teacher: TeacherValues =
      loss === 'mse' ? { kind: 'vectors', vectors: teachers } : { kind: 'scores', candidates, scores };
    const right = () => {
      if (loss === 'mse') return squaredError({ queries, columns, vectors }, teachers);
      const batch = { queries, columns, vectors, candidates, teacher: scores, scale };
      return ofCandidates(batch, loss === 'kl' ? klDivergence(temperature) : marginMse);
    };
    const found = await recorded({ loss, scale, temperature }, queries, columns, given, teacher);
    const { losses, gradient } = right();
    expect(found.losses).toBeAllclose(losses, { atol: 1e-5, rtol: 1e-5 });
    expect(found.gradient).toBeAllclose(gradient, { atol: 1e-5 });
    const mean = (): number => {
      const again = right().losses;
      return again.reduce((sum, one) => sum + one, 0) / again.length;
    };
    expectCentralDifferences(random, mean, vectors, gradient, 'vectors');
  });
});
