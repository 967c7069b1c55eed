import { roundScale } from './scale.ts';

/** Whether a chart would be drawn alike: while a run goes on, most events change one chart of ten. */
export function sameChart<T extends { readonly top: number }>(before: T, after: T): boolean {
  const drawn = ({ top, ...rest }: T): string => JSON.stringify([rest, roundScale([top])]);
  return drawn(before) === drawn(after);
}
