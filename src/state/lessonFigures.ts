import { useMemo } from 'react';
import { sentenceOf } from '../base/userError.ts';
import { type LessonFigures, lessonFigures } from '../lab/lesson/figures.ts';
import type { Report } from '../lab/report/report.ts';
import type { Loadable } from './loadable.ts';
import { useReports } from './reports.ts';

export interface LessonSources {
  readonly figures: LessonFigures;
  readonly layers: Report;
  readonly comparison: Report;
}

/** What the lesson computes with: the reports that the page carries. */
export function useLessonFigures(): Loadable<LessonSources> {
  const layers = useReports((state) => state.stored);
  const comparison = useReports((state) => state.storedComparison);
  return useMemo(() => {
    if (layers.status !== 'ready') return layers;
    if (comparison.status !== 'ready') return comparison;
    try {
      const figures = lessonFigures(layers.value, comparison.value);
      return {
        status: 'ready',
        value: { figures, layers: layers.value, comparison: comparison.value },
      };
    } catch (error) {
      return { status: 'failed', sentence: sentenceOf(error) };
    }
  }, [layers, comparison]);
}
