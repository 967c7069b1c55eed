import type { Report } from '../report/report.ts';

/** How fast a run went somewhere. */
export interface Pacing {
  /** Until both models are open. */
  readonly startSeconds: number;
  /** For both models together, with all that goes along: search, metrics, drawing. */
  readonly secondsPerCharacter: number;
  /** Where that was, to be read behind "at the pace of". */
  readonly source: string;
}

/** The pace of a run, or null when too little of it was computed to tell: the rest came from the store. */
export function pacingOf({ environment }: Report, source: string): Pacing | null {
  const { startSeconds, seconds, models } = environment;
  if (!models.ce || !models.de) return null;
  const [ce, de] = [models.ce.work, models.de.work];
  const rest = seconds - startSeconds;
  if (ce.characters === 0 || de.characters === 0 || ce.seconds + de.seconds < rest / 2) return null;
  // Both models embed the same texts.
  return { startSeconds, secondsPerCharacter: rest / Math.max(ce.characters, de.characters), source };
}
