import { useEffect } from 'react';
import { duration } from '../../base/units.ts';
import { Problem } from '../../components/Problem.tsx';
import type { TeacherCost as Cost } from '../../lab/pipeline/teacherCost.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { followTeacherCost, useTeacherCost } from '../../state/teacherCost.ts';

/** What teachers will be asked before the first step; nothing where no run has one. */
export function TeacherCost() {
  useEffect(followTeacherCost, []);
  const asked = useTeacherCost((state) => state.asked);
  if (asked.status === 'failed') return <Problem>{asked.sentence}</Problem>;
  if (asked.status === 'loading' || asked.value.costs.length === 0) return null;
  const { costs, basis } = asked.value;
  const timed = basis !== null && costs.some(({ seconds }) => seconds !== null);
  return (
    <p className="quiet cost">
      Before the first step teachers are asked: {costs.map(inWords).join('; ')}.
      {timed ? ` Times are at the pace of ${basis}.` : ''} What a teacher said in a run before is kept.
    </p>
  );
}

function inWords({ name, what, source, count, seconds }: Cost): string {
  const work = what === 'texts' ? 'texts to embed' : 'pairs to score';
  const many =
    count === null
      ? `${work}, as many as its data on the hub has`
      : `at most ${count.toLocaleString('en')} ${work}`;
  const time =
    seconds === null
      ? 'for a time that is not known'
      : seconds < 1
        ? duration(seconds)
        : `about ${duration(seconds)}`;
  return `for ${modelLabel(name)} ${source}, ${many}, ${time}`;
}
