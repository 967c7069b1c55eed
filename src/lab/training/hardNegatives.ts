import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generator } from '../../base/random.ts';
import { Breath } from '../../base/yielding.ts';
import { type Bm25Options, buildBm25 } from '../../search/bm25.ts';
import { negativesMined } from './negativeCounts.ts';
import type { TrainingSet } from './trainingSet.ts';

export interface MinedNegatives {
  readonly set: TrainingSet;
  /** Examples for which BM25 found nothing, and which got a random passage. */
  readonly random: number;
  /** Examples that have none, all passages being relevant to their queries. */
  readonly without: number;
}

/**
 * Gives every example the passages that BM25 ranks highest for its query and that are not its positives:
 * neither those rows nor a text equal to one or to the query, case and outer spaces aside. Passages are
 * all positives and given negatives of the set. An example without any gets one random passage, so that
 * all of a batch have a negative.
 * @param seed of the random passages
 * @throws Cancelled when the signal is aborted
 */
export async function mineHardNegatives(
  set: TrainingSet,
  options: Bm25Options & { readonly count?: number; readonly seed: number },
): Promise<MinedNegatives> {
  const { count = negativesMined, seed, onProgress, signal } = options;
  const passages = [
    ...new Set(set.examples.flatMap(({ positives, negatives }) => [...positives, ...negatives])),
  ];
  const plain = passages.map((row) => plainText(set.texts[row]!));
  const total = passages.length + set.examples.length;
  const index = await buildBm25(
    passages.map((row) => set.texts[row]!),
    { ...options, onProgress: (done) => onProgress?.(done, total) },
  );
  const breath = new Breath(signal);
  const random = generator(seed);
  let drawn = 0;
  let without = 0;
  const examples: TrainingSet['examples'][number][] = [];
  for (const [done, example] of set.examples.entries()) {
    const barred = new Set([example.query, ...example.positives].map((row) => plainText(set.texts[row]!)));
    const negatives = index
      .search(set.texts[example.query]!, count + 2 * barred.size)
      .filter(({ document }) => !barred.has(plain[document]!))
      .slice(0, count)
      .map(({ document }) => passages[document]!);
    if (negatives.length === 0) {
      const start = uniformInt(random, 0, passages.length - 1);
      const order = Array.from(passages, (_, step) => (start + step) % passages.length);
      const other = order.find((place) => !barred.has(plain[place]!));
      if (other === undefined) without++;
      else {
        drawn++;
        negatives.push(passages[other]!);
      }
    }
    examples.push({ ...example, negatives });
    if (breath.due) {
      onProgress?.(passages.length + done + 1, total);
      await breath.take();
    }
  }
  onProgress?.(total, total);
  return { set: { texts: set.texts, examples }, random: drawn, without };
}

function plainText(text: string): string {
  return text.trim().toLowerCase();
}
