import { type ReactNode, useEffect } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { english } from '../../lab/lesson/english.ts';
import type { LiveFigures } from '../../lab/lesson/live.ts';
import type { StepId } from '../../lab/lesson/steps.ts';
import { measureOverlap, useLessonOverlap } from '../../state/lessonOverlap.ts';
import { compareBothWays, useLessonSwap } from '../../state/lessonSwap.ts';
import type { Loadable } from '../../state/loadable.ts';

/** What is computed for a step when its answer is shown, and how far that is. */
export function useLive(
  step: StepId,
  shown: boolean,
): { readonly live: LiveFigures; readonly status: ReactNode } {
  const { figures, statusOf } = useFigures();
  useEffect(() => {
    if (shown) compute[step]?.();
  }, [step, shown]);
  return { live: figures, status: statusOf(step) };
}

/** All that is computed for any step. */
export interface AllLive {
  readonly figures: LiveFigures;
  /** Whether some of it is to come. */
  readonly computing: boolean;
  /** How far a step's is; null where it is there, or nothing is computed for the step. */
  statusOf(step: StepId): ReactNode;
}

/** What is computed for all steps, at once. */
export function useAllLive(): AllLive {
  useEffect(() => {
    for (const start of Object.values(compute)) start();
  }, []);
  return useFigures();
}

/** What is computed, by the steps that ask for it; what is there already stays. */
const compute: Partial<Record<StepId, () => void>> = {
  idf: () => void measureOverlap(),
  cross: () => {
    if (useLessonSwap.getState().swapped === null) void compareBothWays();
  },
};

function useFigures(): AllLive {
  const overlap = useLessonOverlap((state) => state.overlap);
  const swapped = useLessonSwap((state) => state.swapped);
  const asked: Partial<Record<StepId, Loadable<unknown> | null>> = { idf: overlap, cross: swapped };
  return {
    figures: { overlap: readyOf(overlap), swapped: readyOf(swapped) },
    computing: Object.values(asked).some((one) => one === null || one.status === 'loading'),
    statusOf(step) {
      const one = asked[step];
      if (one === undefined || one?.status === 'ready') return null;
      if (one?.status === 'failed') return <Problem>{one.sentence}</Problem>;
      return <p role="status">{english.words.computing}</p>;
    },
  };
}

function readyOf<T>(asked: Loadable<T> | null): T | null {
  return asked?.status === 'ready' ? asked.value : null;
}
