import { useEffect } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { english } from '../../lab/lesson/english.ts';
import { keptOf, lessonHash, useLesson } from '../../state/lesson.ts';
import { type LessonSources, useLessonFigures } from '../../state/lessonFigures.ts';
import { readStoredReport } from '../../state/reports.ts';
import './lesson.css';
import { StepCard } from './StepCard.tsx';
import { StepList } from './StepList.tsx';
import { TeacherSheet } from './TeacherSheet.tsx';
import { useFittedText } from './useFittedText.ts';
import { usePresenterKeys } from './usePresenterKeys.ts';

/** Ten steps that teach what the lab shows, on its own controls and results. */
export function LessonView() {
  useEffect(() => void readStoredReport('storedComparison'), []);
  const sources = useLessonFigures();
  if (sources.status === 'ready') return <Lesson sources={sources.value} />;
  return (
    <section className="lesson" aria-label={english.title}>
      <h2>{english.title}</h2>
      {sources.status === 'failed' ? (
        <Problem>{sources.sentence}</Problem>
      ) : (
        <p role="status">Reading the stored results…</p>
      )}
    </section>
  );
}

function Lesson({ sources }: { readonly sources: LessonSources }) {
  const { step, presenting, sheet, kept } = useLesson();
  usePresenterKeys(presenting && !sheet);
  const fitted = useFittedText(presenting && !sheet, `${step} ${keptOf(kept, step).shown}`);
  if (sheet) return <TeacherSheet figures={sources.figures} />;
  const { words } = english;
  return (
    <div className="lesson" data-presenting={presenting || undefined} ref={fitted}>
      <div className="lesson-head">
        <div>
          <h2>{english.title}</h2>
          {presenting ? null : (
            <p>
              {english.about} <span className="quiet">{english.kept}</span>
            </p>
          )}
        </div>
        <div className="button-row">
          <a className="button small" href={lessonHash({ presenting: !presenting })}>
            {presenting ? words.leave : words.present}
          </a>
          {presenting ? null : (
            <a className="button small" href={lessonHash({ sheet: true })}>
              {words.sheet}
            </a>
          )}
        </div>
      </div>
      <div className="lesson-body">
        {presenting ? null : <StepList />}
        <StepCard key={step} step={step} sources={sources} />
      </div>
      {presenting ? <p className="quiet">{words.keys}</p> : null}
    </div>
  );
}
