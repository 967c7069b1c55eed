import type { Claim } from './claim.ts';
import { infusionClaims } from './infusionClaims.ts';
import { layerwiseClaims } from './layerwiseClaims.ts';

export type { Claim, Verdict } from './claim.ts';
export { verdicts } from './claim.ts';

/** What sections 4.3 and 4.4 of the paper claim, each held against the paper's own Table 1. */
export function paperClaims(): Claim[] {
  return [...layerwiseClaims, ...infusionClaims()];
}

/** The paper's Limitations on its test of DE-2 CE against the baseline. */
export const limitation =
  'In the case of showing that the CE infused DE performs as well as the the baseline DE, we performed a t-test to show that the difference was not significant; but this is trying to prove the null hypothesis, which is not feasible.';
