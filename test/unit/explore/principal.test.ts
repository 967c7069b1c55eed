import { expect, it } from 'vitest';
import { principalDirections, project } from '../../../src/lab/explore/principal.ts';
import expected from '../../reference/explore/explore.json' with { type: 'json' };

const columns = 5;

/** A direction's sign is a convention; values are compared up to it. */
function closeUpToSign(actual: ArrayLike<number>, wanted: readonly number[]): void {
  const largest = wanted.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(wanted[best]!) ? i : best),
    0,
  );
  const sign = Math.sign(actual[largest]!) * Math.sign(wanted[largest]!);
  for (const [i, value] of wanted.entries()) expect(actual[i]! * sign).toBeCloseTo(value, 6);
}

it('equals the principal components of scikit-learn', () => {
  const { points, components, coordinates, variances } = expected.pca;
  const found = principalDirections(points, columns, 2, true);
  const projected = project(points, columns, found);
  for (const d of [0, 1]) {
    closeUpToSign(
      found.directions.slice(d * columns, (d + 1) * columns),
      components.slice(d * columns, (d + 1) * columns),
    );
    closeUpToSign(
      projected.filter((_, at) => at % 2 === d),
      coordinates.filter((_, at) => at % 2 === d),
    );
    expect(found.squares[d]! / (points.length / columns - 1)).toBeCloseTo(variances[d]!, 6);
  }
});

it('equals the singular directions of NumPy where nothing is centred', () => {
  const found = principalDirections(expected.pca.points, columns, 2, false);
  for (const d of [0, 1]) {
    closeUpToSign(
      found.directions.slice(d * columns, (d + 1) * columns),
      expected.singular.directions.slice(d * columns, (d + 1) * columns),
    );
    expect(Math.sqrt(found.squares[d]!)).toBeCloseTo(expected.singular.values[d]!, 6);
  }
});

it('fixes the sign of a direction by its largest component', () => {
  const { directions } = principalDirections(expected.pca.points, columns, 1, true);
  expect(
    [...directions].reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0),
  ).toBeGreaterThan(0);
});
