import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/**
 * Points (N, 2) turned, mirrored, scaled and moved onto others as well as that can be done (Schönemann,
 * Psychometrika 31, 1966; with scaling and translation as in Gower, Psychometrika 40, 1975). Distances between
 * points keep their proportions, so that layers can be compared by eye.
 * @returns points in the frame of `target`; those of `points` moved onto its centre where one side has no spread
 */
export function procrustes(points: Float64Array, target: Float64Array): Float64Array<ArrayBuffer> {
  const from = centred(points);
  const to = centred(target);
  const cross = Matrix.zeros(2, 2);
  for (let at = 0; at < points.length; at += 2) {
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 2; j++) {
        cross.set(i, j, cross.get(i, j) + from.values[at + i]! * to.values[at + j]!);
      }
    }
  }
  const svd = new SingularValueDecomposition(cross);
  const rotation = svd.leftSingularVectors.mmul(svd.rightSingularVectors.transpose());
  const spread = from.values.reduce((sum, value) => sum + value ** 2, 0);
  const scale = spread > 0 ? (svd.diagonal[0]! + svd.diagonal[1]!) / spread : 0;
  const moved = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 2) {
    for (let j = 0; j < 2; j++) {
      const turned = from.values[at]! * rotation.get(0, j) + from.values[at + 1]! * rotation.get(1, j);
      moved[at + j] = scale * turned + to.mean[j]!;
    }
  }
  return moved;
}

function centred(points: Float64Array): { values: Float64Array; mean: readonly [number, number] } {
  const count = Math.max(1, points.length / 2);
  let x = 0;
  let y = 0;
  for (let at = 0; at < points.length; at += 2) {
    x += points[at]! / count;
    y += points[at + 1]! / count;
  }
  const values = points.map((value, at) => value - (at % 2 === 0 ? x : y));
  return { values, mean: [x, y] };
}
