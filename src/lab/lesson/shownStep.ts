import type { LessonFigures } from './figures.ts';
import type { AnswerLine, LessonText } from './lessonText.ts';
import type { LiveFigures } from './live.ts';
import type { StepId } from './steps.ts';

/** A step with its numbers in place. */
export interface ShownStep {
  readonly title: string;
  readonly idea: readonly string[];
  readonly question: string;
  /** Id and words. */
  readonly options: readonly (readonly [id: string, words: string])[];
  readonly answer: readonly AnswerLine[];
  readonly touch: string;
  readonly open: string;
  readonly teacher: string;
}

export function shownStep(
  { steps }: LessonText,
  id: StepId,
  figures: LessonFigures,
  live: LiveFigures,
): ShownStep {
  const { title, idea, question, options, answer, touch, open, teacher } = steps[id];
  return {
    title,
    idea,
    question: question(figures),
    options: Object.entries(options),
    answer: answer(figures, live),
    touch,
    open,
    teacher,
  };
}
