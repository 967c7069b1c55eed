/** Distances from here on share the last bucket, as transformers' MPNet has it. */
const farthest = 128;

/**
 * The bucket of each distance from a query token to a key token, of MPNet and T5: half of the buckets for
 * each direction, of which half are single distances and half grow by their logarithm.
 * @returns 2 `positions` - 1 buckets, of the distances 1 - positions to positions - 1
 */
export function relativeBuckets(positions: number, buckets: number): number[] {
  const half = buckets / 2;
  const single = half / 2;
  return Array.from({ length: 2 * positions - 1 }, (_, index) => {
    const distance = index - (positions - 1);
    const far = Math.abs(distance);
    // In float32, in which PyTorch works it out, so that bounds fall the same way.
    const log = Math.fround(
      Math.fround(Math.log(Math.fround(far / single))) / Math.fround(Math.log(farthest / single)),
    );
    const grown = single + Math.trunc(Math.fround(log * (half - single)));
    return (distance > 0 ? half : 0) + (far < single ? far : Math.min(grown, half - 1));
  });
}
