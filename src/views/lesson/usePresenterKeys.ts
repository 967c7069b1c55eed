import { useEffect } from 'react';
import { neighbourOf } from '../../lab/lesson/steps.ts';
import { keptOf, lessonHash, showAnswer, useLesson } from '../../state/lesson.ts';

/** What takes the arrow keys itself. */
const ownKeys = 'input, select, textarea, [tabindex="0"], .recharts-wrapper';

/** Arrow keys and those of a presenter's remote go through answers and steps; Escape leaves. */
export function usePresenterKeys(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const follow = (event: KeyboardEvent): void => {
      const isArrow = event.key.startsWith('Arrow');
      const taken = isArrow && event.target instanceof Element && event.target.closest(ownKeys) !== null;
      if (taken || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === 'ArrowRight' || event.key === 'PageDown') goOn();
      else if (event.key === 'ArrowLeft' || event.key === 'PageUp') goTo(-1);
      else if (event.key === 'Escape') location.hash = lessonHash({ presenting: false });
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, [active]);
}

/** The answer first, then the next step. */
function goOn(): void {
  const { step, kept } = useLesson.getState();
  if (keptOf(kept, step).shown) goTo(1);
  else showAnswer(step);
}

function goTo(by: -1 | 1): void {
  const next = neighbourOf(useLesson.getState().step, by);
  if (next) location.hash = lessonHash({ step: next });
}
