import { checkSystems } from './checkSystems.ts';
import { withSystem } from './editComparison.ts';
import type { Spec, SystemSpec } from './spec.ts';
import { systemLabel } from './systemLabel.ts';

/** How two systems become one, and what that is called. */
export const combinations = [
  ['fuse', 'Fuse their lists'],
  ['asymmetric', 'Queries by one, documents by the other'],
] as const;
export type Combination = (typeof combinations)[number][0];

/** Two systems as one, named after both. */
function combined(how: Combination, first: string, second: string): SystemSpec {
  const [a, b] = [first, second].map(systemLabel);
  return how === 'fuse'
    ? { name: `${a} + ${b}`, fuse: [first, second] }
    : { name: `${a} for queries, ${b} for documents`, queries: first, documents: second };
}

/** One more system, made of two. @throws UserError where they cannot be combined so */
export function withCombination(spec: Spec, how: Combination, first: string, second: string): Spec {
  const changed = withSystem(spec, combined(how, first, second));
  checkSystems(changed);
  return changed;
}
