import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { gatherRows, lookUp, scatterRows } from '../../../src/gpu/kernels/embedding/embedding.ts';
import { planScatter, type ScatterPlan } from '../../../src/gpu/training/pack.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { positions, testTexts } from '../../support/texts.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

describe.each([20, 13])('embeddings of %i columns', (columns) => {
  test('rows of a table in two pages, with their positions and type', async () => {
    const random = freshRandom();
    const texts = testTexts(bed, random, [6, 3, 21]);
    const vocabulary = 50;
    const split = 19;
    const words = random.normal(vocabulary * columns);
    const tables = random.normal((positions + 2) * columns);
    const gathered = bed.empty(texts.ids.length * columns);
    const ids = bed.put(Uint32Array.from(texts.ids));
    const below = texts.ids.filter((id) => id < split).length;
    const pages = [
      { table: bed.put(words.slice(0, split * columns)), firstRow: 0 },
      { table: bed.put(words.slice(split * columns)), firstRow: split },
    ] as const;
    gatherRows(bed.pass, columns, { ids, ...pages[0], words: gathered, first: 0, count: below });
    const rest = { first: below, count: texts.ids.length - below };
    gatherRows(bed.pass, columns, { ids, ...pages[1], words: gathered, ...rest });
    const x = bed.empty(texts.onDevice.tokenCount * columns);
    lookUp(bed.pass, texts.onDevice, columns, { words: gathered, tables: bed.put(tables), positions, x });
    await bed.submit();
    const right = new Float32Array(texts.onDevice.tokenCount * columns);
    for (let token = 0; token < texts.onDevice.tokenCount; token++) {
      const [slot, position] = texts.packed.tokens.subarray(4 * token);
      for (let i = 0; i < columns; i++) {
        right[token * columns + i] =
          words[texts.ids[slot!]! * columns + i]! +
          tables[position! * columns + i]! +
          tables[positions * columns + i]!;
      }
    }
    expect(await bed.read(x, right.length)).toBeAllclose(right, { atol: 1e-6 });
  });

  test('gradients summed by row touched, many of one row among them', async () => {
    const random = freshRandom();
    const entries = 200;
    const targetRows = 11;
    // Half of all go to one row, as separators do.
    const targets = Array.from({ length: entries }, () => (random.uniform() < 0.5 ? 3 : random.int(0, 9)));
    const sources = Array.from({ length: entries }, () => random.int(0, entries - 1));
    const plan: ScatterPlan = planScatter(targets, sources);
    const from = random.normal(entries * columns);
    const before = random.normal(targetRows * columns);
    const sums = bed.put(before);
    const planes = bed.empty(plan.finalOrder.length * columns);
    const { pass } = bed;
    const values = bed.put(from);
    const order = bed.put(plan.order);
    const part = (words: Uint32Array<ArrayBuffer>) => ({ segments: bed.put(words), count: words.length / 4 });
    scatterRows(pass, columns, { order, ...part(plan.direct), values, sums, accumulate: true });
    scatterRows(pass, columns, { order, ...part(plan.partial), values, sums: planes, accumulate: false });
    const final = { order: bed.put(plan.finalOrder), ...part(plan.final), values: planes };
    scatterRows(pass, columns, { ...final, sums, accumulate: true });
    await bed.submit();
    expect(plan.partial.length).toBeGreaterThan(0);
    const right = Float64Array.from(before);
    for (let entry = 0; entry < entries; entry++) {
      for (let i = 0; i < columns; i++) {
        const at = targets[entry]! * columns + i;
        right[at] = right[at]! + from[sources[entry]! * columns + i]!;
      }
    }
    expect(await bed.read(sums, right.length)).toBeAllclose(right, { atol: 2e-5 });
  });
});
