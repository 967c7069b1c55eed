import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import { defaultSpec } from '../lab/spec/defaults.ts';
import { fromPermalink, toPermalink } from '../lab/spec/permalink.ts';
import type { Spec } from '../lab/spec/spec.ts';

/** What one click runs: a sample that two cores without a GPU finish in about 15 seconds. */
export const proposedSample = { queries: 50, documents: 200 } as const;

function proposedSpec(): Spec {
  return defaultSpec(proposedSample.queries, proposedSample.documents);
}

interface SettingsState {
  readonly spec: Spec;
  /** Why the address's spec could not be read; null when it could. */
  readonly linkProblem: string | null;
  change(change: (spec: Spec) => Spec): void;
  reset(): void;
  /** Takes the spec of a link, or the proposal where it has none. */
  takeLink(link: string | null): void;
}

/** The spec that the next run takes. */
export const useSettings = create<SettingsState>((set) => ({
  spec: proposedSpec(),
  linkProblem: null,
  change: (change) => set(({ spec }) => ({ spec: change(spec), linkProblem: null })),
  reset: () => set({ spec: proposedSpec(), linkProblem: null }),
  takeLink(link) {
    if (link === null) {
      set({ spec: proposedSpec(), linkProblem: null });
      return;
    }
    try {
      set({ spec: fromPermalink(link), linkProblem: null });
    } catch (error) {
      set({ linkProblem: `The link's settings were not taken. ${sentenceOf(error)}` });
    }
  },
}));

/** Links by their specs, which are never changed in place: typing asks for the same one with every key. */
const links = new WeakMap<Spec, string | null>();

/** A link's `spec`, or null for the proposal, whose address is plain. */
export function linkOf(spec: Spec): string | null {
  const known = links.get(spec);
  if (known !== undefined) return known;
  const whole = toPermalink(spec);
  const link = whole === toPermalink(proposedSpec()) ? null : whole;
  links.set(spec, link);
  return link;
}
