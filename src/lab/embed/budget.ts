/**
 * Documents that are searched together: small enough that a curve refines about eight times on a
 * small collection, large enough to sort by length and to bound memory on a large one.
 */
export function chunkSize(documents: number): number {
  return Math.min(1024, Math.max(64, Math.ceil(documents / 8)));
}
