import { create } from 'zustand';
import { putSetting } from '../lab/cache/writes.ts';
import { isStep, type StepId, stepIds } from '../lab/lesson/steps.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { linkOf, useSettings } from './settings.ts';

/** What is kept of a step between visits. */
interface KeptStep {
  /** The option that was predicted; null for none, as where a class predicts aloud. */
  readonly choice: string | null;
  /** Whether the answer was shown. */
  readonly shown: boolean;
}

interface LessonState {
  readonly step: StepId;
  /** Large type and nothing beside it. */
  readonly presenting: boolean;
  /** The teacher's sheet instead of a step. */
  readonly sheet: boolean;
  readonly kept: Readonly<Partial<Record<StepId, KeptStep>>>;
}

const start = { step: stepIds[0]!, presenting: false, sheet: false } as const;
const nothing: KeptStep = { choice: null, shown: false };
const storageKey = 'layerlab-lesson';

export const useLesson = create<LessonState>(() => ({ ...start, kept: remembered() }));

/** Reads what an earlier visit kept; of a file of another form nothing is taken. */
function remembered(): LessonState['kept'] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept as Record<string, Partial<KeptStep> | null>).flatMap(([id, one]) =>
        isStep(id) && one
          ? [[id, { choice: typeof one.choice === 'string' ? one.choice : null, shown: one.shown === true }]]
          : [],
      ),
    );
  } catch {
    return {};
  }
}

function keep(kept: LessonState['kept']): void {
  useLesson.setState({ kept });
  // A browser that keeps nothing still goes through the lesson.
  putSetting(() => localStorage, storageKey, JSON.stringify(kept));
}

export function keptOf(kept: LessonState['kept'], step: StepId): KeptStep {
  return kept[step] ?? nothing;
}

export function predict(step: StepId, choice: string): void {
  const { kept } = useLesson.getState();
  keep({ ...kept, [step]: { ...keptOf(kept, step), choice } });
}

export function showAnswer(step: StepId): void {
  const { kept } = useLesson.getState();
  keep({ ...kept, [step]: { ...keptOf(kept, step), shown: true } });
}

export function startOver(): void {
  keep({});
}

type Place = Pick<LessonState, 'step' | 'presenting' | 'sheet'>;

/** What the address says of the lesson; what is as at the start is left out. */
function partsOf({ step, presenting, sheet }: Place): [string, string][] {
  const parts: [string, string][] = [];
  if (step !== start.step) parts.push(['step', step]);
  if (presenting) parts.push(['present', '1']);
  if (sheet) parts.push(['sheet', '1']);
  return parts;
}

export function lessonLink(): [string, string][] {
  return partsOf(useLesson.getState());
}

/** The address of another place of the lesson. */
export function lessonHash(change: Partial<Place>): string {
  return pageHash('/lesson', partsOf({ ...useLesson.getState(), ...change }));
}

/** The address of a page, with the settings as they are or with others. */
export function pageHash(
  path: string,
  parts: readonly [string, string][] = [],
  spec: Spec = useSettings.getState().spec,
): string {
  const link = linkOf(spec);
  const query = new URLSearchParams([...(link === null ? [] : [['spec', link]]), ...parts]).toString();
  return query === '' ? `#${path}` : `#${path}?${query}`;
}

export function takeLessonLink(query: URLSearchParams): void {
  const step = query.get('step');
  useLesson.setState({
    step: isStep(step) ? step : start.step,
    presenting: query.get('present') === '1',
    sheet: query.get('sheet') === '1',
  });
}
