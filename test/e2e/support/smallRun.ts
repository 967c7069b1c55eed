import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { toPermalink } from '../../../src/lab/spec/permalink.ts';
import type { Spec } from '../../../src/lab/spec/spec.ts';

/** Address of a small experiment: seconds, not minutes. @param sample queries and documents of each of two collections */
export function linkTo(
  change: (spec: Spec) => Spec = (spec) => spec,
  [queries, documents]: readonly [number, number] = [12, 30],
): string {
  const small = defaultSpec(queries, documents);
  return `#/layers?${new URLSearchParams({ spec: toPermalink(change({ ...small, datasets: small.datasets.slice(0, 2) })) })}`;
}
