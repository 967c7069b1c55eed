/** Where in the user's input a problem lies. `line` counts from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
}

/**
 * What a user can mend: one clear sentence that says what is wrong and what to do.
 * Everything else that is thrown is a fault of the lab. Its name survives structured
 * cloning between workers, its class does not: use {@link isUserError}.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;

  constructor(sentence: string, place: Place = {}) {
    const where = [
      place.file,
      place.line === undefined ? undefined : `line ${place.line}`,
      place.field === undefined ? undefined : `field "${place.field}"`,
    ].filter((part) => part !== undefined);
    super(where.length > 0 ? `${where.join(', ')}: ${sentence}` : sentence);
    this.place = place;
  }
}

export function isUserError(value: unknown): value is UserError {
  return value instanceof Error && value.name === 'UserError';
}

/** The sentence to show for anything thrown. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return String(thrown);
}

/** Thrown when the user cancels; never shown as an error. */
export class Cancelled extends Error {
  override readonly name = 'AbortError';
  constructor() {
    super('Cancelled.');
  }
}

export function isCancelled(value: unknown): boolean {
  return value instanceof Error && value.name === 'AbortError';
}
