/** A middle value; of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Runs several ways of doing one job in turn, each once unmeasured first; every other round goes
 * backwards, so that no side always follows the same one.
 * @returns seconds of every round, one array a side
 */
export async function interleaved(
  sides: readonly (() => Promise<void>)[],
  rounds: number,
): Promise<number[][]> {
  const seconds = sides.map(() => [] as number[]);
  for (const side of sides) await side();
  for (let round = 0; round < rounds; round++) {
    const order = sides.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const started = performance.now();
      await sides[index]!();
      seconds[index]!.push((performance.now() - started) / 1000);
    }
  }
  return seconds;
}

/** The median over rounds of b's time over a's: slow drifts of the machine cancel within a round. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((seconds, round) => b[round]! / seconds));
}
