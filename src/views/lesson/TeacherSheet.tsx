import { useEffect, useState } from 'react';
import { correct } from '../../lab/lesson/correct.ts';
import { english } from '../../lab/lesson/english.ts';
import type { LessonFigures } from '../../lab/lesson/figures.ts';
import { shownStep } from '../../lab/lesson/shownStep.ts';
import { minutesPerStep, type StepId, stepIds } from '../../lab/lesson/steps.ts';
import { lessonHash } from '../../state/lesson.ts';
import { AnswerLines } from './AnswerLines.tsx';
import { type AllLive, useAllLive } from './useLive.tsx';

/** Every question with its answer, to read and to print. */
export function TeacherSheet({ figures }: { readonly figures: LessonFigures }) {
  const { words } = english;
  const live = useAllLive();
  const printWhole = usePrinting(live.computing);
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
          <button type="button" className="small" onClick={printWhole}>
            {words.print}
          </button>
        </div>
      </div>
      {/* Printed too: of a sheet that came to paper before its answers it says what to do. */}
      <div role="status">{live.computing ? <p>{words.sheetComputing}</p> : null}</div>
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
  readonly live: AllLive;
}

/** Prints as soon as nothing is computed any more. */
function usePrinting(computing: boolean): () => void {
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!waiting || computing) return;
    setWaiting(false);
    print();
  }, [waiting, computing]);
  return () => setWaiting(true);
}

function SheetStep({ step, figures, live }: SheetStepProps) {
  const { words } = english;
  const { title, idea, question, options, answer, touch, teacher } = shownStep(
    english,
    step,
    figures,
    live.figures,
  );
  const right = correct[step](figures, live.figures);
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
      <AnswerLines lines={answer} />
      {live.statusOf(step)}
      <p>
        <em>{words.touch}:</em> {touch}
      </p>
      <p>
        <em>{words.note}:</em> {teacher}
      </p>
    </article>
  );
}
