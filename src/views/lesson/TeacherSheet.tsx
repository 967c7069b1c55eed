import { correct } from '../../lab/lesson/correct.ts';
import { english } from '../../lab/lesson/english.ts';
import type { LessonFigures } from '../../lab/lesson/figures.ts';
import type { LiveFigures } from '../../lab/lesson/live.ts';
import { shownStep } from '../../lab/lesson/shownStep.ts';
import { minutesPerStep, type StepId, stepIds } from '../../lab/lesson/steps.ts';
import { lessonHash } from '../../state/lesson.ts';
import { AnswerLines } from './AnswerLines.tsx';
import { useLive } from './useLive.tsx';

/** Every question with its answer, to read and to print. */
export function TeacherSheet({ figures }: { readonly figures: LessonFigures }) {
  const { words } = english;
  const { live } = useLive(stepIds[0]!, false);
  return (
    <section className="teacher-sheet" aria-labelledby="sheet-title">
      <div className="lesson-head">
        <h2 id="sheet-title">
          {english.title}: {words.sheet.toLowerCase()}
        </h2>
        <div className="button-row">
          <a className="button small" href={lessonHash({ sheet: false })}>
            {words.toLesson}
          </a>
          <button type="button" className="small" onClick={() => print()}>
            {words.print}
          </button>
        </div>
      </div>
      <p>
        {words.sheetAbout} {words.minutes(minutesPerStep * stepIds.length)}.
      </p>
      {stepIds.map((step) => (
        <SheetStep key={step} step={step} figures={figures} live={live} />
      ))}
    </section>
  );
}

interface SheetStepProps {
  readonly step: StepId;
  readonly figures: LessonFigures;
  readonly live: LiveFigures;
}

function SheetStep({ step, figures, live }: SheetStepProps) {
  const { words } = english;
  const { title, idea, question, options, answer, touch, teacher } = shownStep(english, step, figures, live);
  const right = correct[step](figures, live);
  return (
    <article aria-labelledby={`sheet-${step}`}>
      <h3 id={`sheet-${step}`}>
        {stepIds.indexOf(step) + 1}. {title}
      </h3>
      {idea.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <p>
        <strong>{question}</strong>
      </p>
      <ul>
        {options.map(([id, option]) => (
          <li key={id}>{id === right ? <strong>{option} ✓</strong> : option}</li>
        ))}
      </ul>
      {answer.length > 0 ? <AnswerLines lines={answer} /> : <p className="quiet">{words.live}</p>}
      <p>
        <em>{words.touch}:</em> {touch}
      </p>
      <p>
        <em>{words.note}:</em> {teacher}
      </p>
    </article>
  );
}
