import { expect, it } from 'vitest';
import { procrustes } from '../../../src/lab/explore/procrustes.ts';
import expected from '../../reference/explore/explore.json' with { type: 'json' };

it('equals SciPy, a mirror image included', () => {
  const { source, target, aligned } = expected.procrustes;
  const found = procrustes(Float64Array.from(source), Float64Array.from(target));
  for (const [i, value] of aligned.entries()) expect(found[i]).toBeCloseTo(value, 6);
});

it('moves points without spread onto the centre', () => {
  expect([...procrustes(Float64Array.of(1, 1, 1, 1), Float64Array.of(0, 0, 2, 4))]).toEqual([1, 2, 1, 2]);
});
