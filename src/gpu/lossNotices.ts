/** Told while somebody listens, and kept for whoever asks where nobody does. */
let listener: ((sentence: string) => void) | null = null;
const told = new Set<string>();
let untold: string[] = [];

/**
 * Who is told of lost devices, one at a time for a worker. Several devices that are lost at once, as when a driver
 * restarts, are told as one.
 * @returns ends it
 */
export function hearLosses(listen: (sentence: string) => void): () => void {
  told.clear();
  listener = listen;
  return () => {
    if (listener === listen) listener = null;
  };
}

/** What nobody was told yet; for pages that ask and have no run that tells. */
export function untoldLosses(): string[] {
  const sentences = untold;
  untold = [];
  return sentences;
}

/** @param next on what the work goes on */
export function tellLoss(why: string, next: 'device' | 'processor'): void {
  const sentence =
    next === 'device'
      ? `The GPU was lost (${why}); the work goes on by itself on a new device, from the last finished batch.`
      : `The GPU was lost (${why}) and is given up; the work goes on by itself on the processor, from the last finished batch.`;
  if (!listener) {
    if (!untold.includes(sentence)) untold.push(sentence);
  } else if (!told.has(sentence)) {
    told.add(sentence);
    listener(sentence);
  }
}
