import { type ComponentType, lazy } from 'react';
import type { StepId } from '../../../lab/lesson/steps.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';
import { TouchCost } from './TouchCost.tsx';
import { TouchSelfPair } from './TouchSelfPair.tsx';
import { TouchSwap } from './TouchSwap.tsx';
import { TouchTest } from './TouchTest.tsx';

type Touch = ComponentType<LessonSources>;

/** Charts are most of what a page loads; a step that draws none does not wait for them. */
const TouchCurve: Touch = lazy(async () => ({ default: (await import('./TouchCurve.tsx')).TouchCurve }));
const TouchSystems: Touch = lazy(async () => ({
  default: (await import('./TouchSystems.tsx')).TouchSystems,
}));
const TouchDepth: Touch = lazy(async () => ({ default: (await import('./TouchDepth.tsx')).TouchDepth }));
const TouchClaims: Touch = lazy(async () => ({ default: (await import('./TouchClaims.tsx')).TouchClaims }));
const TouchSearch: Touch = lazy(async () => ({ default: (await import('./TouchSearch.tsx')).TouchSearch }));

/** What can be touched at each step: controls of the lab, on its results. */
export const touches: Readonly<Record<StepId, Touch>> = {
  dual: TouchSearch,
  cross: TouchSwap,
  cost: TouchCost,
  'self-pair': TouchSelfPair,
  curve: TouchCurve,
  idf: TouchSearch,
  infusion: TouchSystems,
  rerank: TouchDepth,
  significance: TouchTest,
  paper: TouchClaims,
};
