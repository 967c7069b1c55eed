import { sentenceOf } from '../base/userError.ts';

/** What is fetched or asked for, and may not be there. */
export type Loadable<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly sentence: string };

/** What is there at once, or the sentence that says why it is not. */
export function read<T>(work: () => T): Exclude<Loadable<T>, { readonly status: 'loading' }> {
  try {
    return { status: 'ready', value: work() };
  } catch (error) {
    return { status: 'failed', sentence: sentenceOf(error) };
  }
}

/** Waits for an answer, or for the sentence that says why there is none. */
export async function loaded<T>(ask: () => Promise<T>): Promise<Loadable<T>> {
  try {
    return { status: 'ready', value: await ask() };
  } catch (error) {
    return { status: 'failed', sentence: sentenceOf(error) };
  }
}

/**
 * Asks questions of which only the latest one's answer counts: an earlier one's may come after it.
 * @returns asks, and takes the answer unless another question, or `null` for none, has followed
 */
export function latest<T>(
  take: (answer: Loadable<T>) => void,
): (ask: (() => Promise<T>) | null) => Promise<void> {
  let asked = 0;
  return async (ask) => {
    const number = ++asked;
    if (!ask) return;
    const answer = await loaded(ask);
    if (number === asked) take(answer);
  };
}
