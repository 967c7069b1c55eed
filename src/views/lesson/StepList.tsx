import { english } from '../../lab/lesson/english.ts';
import { stepIds } from '../../lab/lesson/steps.ts';
import { keptOf, lessonHash, startOver, useLesson } from '../../state/lesson.ts';

/** Every step, with those that were answered. */
export function StepList() {
  const { step, kept } = useLesson();
  const { words } = english;
  const done = stepIds.filter((id) => keptOf(kept, id).shown).length;
  return (
    <nav className="card step-list" aria-label={words.steps}>
      <ol>
        {stepIds.map((id) => (
          <li key={id}>
            <a href={lessonHash({ step: id })} aria-current={id === step ? 'step' : undefined}>
              {english.steps[id].title}
            </a>
            {keptOf(kept, id).shown ? (
              <span className="step-done">
                {' '}
                <span aria-hidden="true">✓</span>
                <span className="visually-hidden">{words.done}</span>
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      <p className="quiet">{english.progress(done, stepIds.length)}</p>
      <button type="button" className="small" disabled={Object.keys(kept).length === 0} onClick={startOver}>
        {words.startOver}
      </button>
    </nav>
  );
}
