import type { Spec } from '../spec/spec.ts';

/** Everything of a spec that decides how a pair is read. */
export function readingKey({ models, pooling, maxLength, backend }: Spec): string {
  return JSON.stringify([models, pooling, maxLength, backend]);
}
