import { english } from '../../lab/lesson/english.ts';
import type { StepId } from '../../lab/lesson/steps.ts';
import { pageHash } from '../../state/lesson.ts';
import { useLessonSwap } from '../../state/lessonSwap.ts';

const query: [string, string] = ['q', english.controls.query];

/** Where a step is gone on with: the page of the lab that has its controls in full. */
const hashes: Readonly<Record<StepId, (() => string) | null>> = {
  dual: () => pageHash('/explore', [query]),
  cross: () => {
    const { pair } = useLessonSwap.getState();
    return pageHash('/explore', [
      ['tab', 'pair'],
      ['q', pair.query],
      ['query', pair.query],
      ['document', pair.document],
    ]);
  },
  cost: () => pageHash('/compare'),
  // Its link carries the choice, and stands beside it.
  'self-pair': null,
  curve: () => pageHash('/layers'),
  idf: () => pageHash('/explore', [['tab', 'why'], query]),
  infusion: () => pageHash('/train'),
  rerank: () => pageHash('/compare'),
  significance: () => pageHash('/layers'),
  paper: () => pageHash('/paper'),
};

export function stepHash(step: StepId): string | null {
  return hashes[step]?.() ?? null;
}
