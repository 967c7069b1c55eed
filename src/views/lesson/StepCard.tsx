import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { RadioField } from '../../components/form/RadioField.tsx';
import { correct } from '../../lab/lesson/correct.ts';
import { english } from '../../lab/lesson/english.ts';
import { shownStep } from '../../lab/lesson/shownStep.ts';
import { neighbourOf, type StepId, stepIds } from '../../lab/lesson/steps.ts';
import { keptOf, lessonHash, predict, showAnswer, useLesson } from '../../state/lesson.ts';
import type { LessonSources } from '../../state/lessonFigures.ts';
import { AnswerLines } from './AnswerLines.tsx';
import { stepHash } from './stepHash.ts';
import { touches } from './touch/touches.ts';
import { useLive } from './useLive.tsx';

interface StepCardProps {
  readonly step: StepId;
  readonly sources: LessonSources;
}

/** One step: its idea, a prediction, then the answer and what to touch. To be keyed by the step. */
export function StepCard({ step, sources }: StepCardProps) {
  const kept = useLesson((state) => state.kept);
  const presenting = useLesson((state) => state.presenting);
  const { choice, shown } = keptOf(kept, step);
  const { live, status } = useLive(step, shown);
  const { words } = english;
  const text = shownStep(english, step, sources.figures, live);
  const answer = useFocusOnReveal(shown);
  const heading = useFocusOnArrival(step);
  const right = correct[step](sources.figures, live);
  const chosen = text.options.find(([id]) => id === choice)?.[1];
  const Touch = touches[step];
  return (
    <article className="card lesson-step" aria-labelledby="step-title">
      <div className="lesson-ask">
        <p className="quiet">{english.stepOf(stepIds.indexOf(step) + 1, stepIds.length)}</p>
        <h3 id="step-title" tabIndex={-1} ref={heading}>
          {text.title}
        </h3>
        {/* In front of a class the answer takes the idea's place, so that both fit. */}
        {presenting && shown ? null : text.idea.map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
        <div className="prediction">
          <h4>{words.predict}</h4>
          <RadioField
            legend={text.question}
            value={choice ?? ''}
            options={text.options.map(([id, name]) =>
              shown && id === right ? [id, `${name} ✓`] : [id, name],
            )}
            disabled={shown}
            onChange={(id) => predict(step, id)}
          />
          {shown ? null : (
            <div className="button-row">
              <button
                type="button"
                className="primary"
                disabled={choice === null && !presenting}
                onClick={() => showAnswer(step)}
              >
                {words.reveal}
              </button>
              {choice === null && !presenting ? <p className="quiet">{words.choose}</p> : null}
            </div>
          )}
        </div>
        {shown ? (
          <section className="answer" aria-label={words.answer} tabIndex={-1} ref={answer}>
            <h4>{words.answer}</h4>
            {status}
            {chosen !== undefined && right !== null ? (
              <p>
                <strong>{english.choice(chosen, right === choice)}</strong>
              </p>
            ) : null}
            <AnswerLines lines={text.answer} />
          </section>
        ) : null}
        <StepLinks step={step} />
      </div>
      {shown ? (
        <Trying about={text.touch} href={stepHash(step)} open={text.open}>
          <Touch {...sources} />
        </Trying>
      ) : null}
    </article>
  );
}

interface TryingProps {
  readonly about: string;
  /** null where the control has a link of its own. */
  readonly href: string | null;
  readonly open: string;
  readonly children: ReactNode;
}

function Trying({ about, href, open, children }: TryingProps) {
  return (
    <section className="trying" aria-label={english.words.touch}>
      <h4>{english.words.touch}</h4>
      <p>{about}</p>
      <Suspense fallback={<p role="status">…</p>}>{children}</Suspense>
      {href === null ? null : (
        <p>
          <a href={href}>{open}</a>
        </p>
      )}
    </section>
  );
}

function StepLinks({ step }: { readonly step: StepId }) {
  const { words } = english;
  const [before, after] = [neighbourOf(step, -1), neighbourOf(step, 1)];
  return (
    <div className="button-row step-links">
      {before ? (
        <a className="button" href={lessonHash({ step: before })}>
          ← {words.previous}
        </a>
      ) : null}
      {after ? (
        <a className="button" href={lessonHash({ step: after })}>
          {words.next} →
        </a>
      ) : (
        <p className="quiet">{words.finished}</p>
      )}
    </div>
  );
}

/** An answer that has just been shown is read next. */
function useFocusOnReveal(shown: boolean) {
  const answer = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (shown && !before.current) answer.current?.focus();
    before.current = shown;
  }, [shown]);
  return answer;
}

let last: StepId | null = null;

/** Coming from another step, reading begins at the title; a page that opens leaves the focus where it is. */
function useFocusOnArrival(step: StepId) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (last !== null && last !== step) heading.current?.focus();
    last = step;
  }, [step]);
  return heading;
}
