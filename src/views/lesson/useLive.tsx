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
  const overlap = useLessonOverlap((state) => state.overlap);
  const swapped = useLessonSwap((state) => state.swapped);
  useEffect(() => {
    if (shown && step === 'idf') void measureOverlap();
    if (shown && step === 'cross' && useLessonSwap.getState().swapped === null) void compareBothWays();
  }, [step, shown]);
  const asked = { idf: overlap, cross: swapped };
  return {
    live: { overlap: readyOf(overlap), swapped: readyOf(swapped) },
    status: step === 'idf' || step === 'cross' ? statusOf(asked[step]) : null,
  };
}

function readyOf<T>(asked: Loadable<T> | null): T | null {
  return asked?.status === 'ready' ? asked.value : null;
}

function statusOf(asked: Loadable<unknown> | null): ReactNode {
  if (asked?.status === 'failed') return <Problem>{asked.sentence}</Problem>;
  return asked?.status === 'ready' ? null : <p role="status">{english.words.computing}</p>;
}
