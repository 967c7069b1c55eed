import type { LessonFigures, Pairing } from './figures.ts';
import type { LiveFigures } from './live.ts';
import type { OptionOf, StepId } from './steps.ts';

/** A sentence or two of an answer. */
export interface AnswerLine {
  readonly text: string;
  /** Its figures are those that the paper prints, or are computed from them. */
  readonly paper?: true;
}

/** The words of one step. Numbers come from the figures alone. */
export interface StepText<K extends StepId> {
  readonly title: string;
  /** The one idea, in paragraphs. */
  readonly idea: readonly string[];
  readonly question: (figures: LessonFigures) => string;
  readonly options: Readonly<Record<OptionOf<K>, string>>;
  /** Empty while what is computed live is not there. */
  readonly answer: (figures: LessonFigures, live: LiveFigures) => readonly AnswerLine[];
  /** What to touch, and what to see there. */
  readonly touch: string;
  /** The link that opens it on its own page. */
  readonly open: string;
  /** For the teacher's sheet: what to ask, and what is often misunderstood. */
  readonly teacher: string;
}

/** Everything that the lesson says, in one language. */
export interface LessonText {
  readonly title: string;
  readonly about: string;
  readonly kept: string;
  readonly steps: { readonly [K in StepId]: StepText<K> };
  readonly progress: (done: number, of: number) => string;
  readonly stepOf: (number: number, of: number) => string;
  readonly choice: (chosen: string, right: boolean) => string;
  readonly words: {
    readonly steps: string;
    readonly done: string;
    readonly predict: string;
    readonly choose: string;
    readonly reveal: string;
    readonly computing: string;
    readonly answer: string;
    readonly touch: string;
    readonly next: string;
    readonly previous: string;
    readonly present: string;
    readonly leave: string;
    readonly keys: string;
    readonly sheet: string;
    readonly toLesson: string;
    readonly print: string;
    readonly startOver: string;
    readonly finished: string;
    readonly sheetAbout: string;
    readonly minutes: (count: number) => string;
    readonly note: string;
    /** While a sheet lacks answers, on the page and on paper. */
    readonly sheetComputing: string;
  };
  readonly controls: ControlTexts;
}

/** What stands beside the controls of the steps. */
export interface ControlTexts {
  /** What is searched, and which pair is read, before anything is typed. */
  readonly query: string;
  readonly pair: { readonly query: string; readonly document: string };
  readonly lists: {
    readonly ceFirst: string;
    readonly deLast: string;
    readonly bm25: string;
    readonly shared: (count: number, of: number) => string;
    /** Beside a document that BM25's list has too. */
    readonly also: string;
    readonly waiting: string;
  };
  readonly swap: {
    readonly query: string;
    readonly document: string;
    readonly compare: string;
    readonly given: string;
    readonly swapped: string;
    readonly caption: string;
    readonly score: string;
    readonly logit: string;
    readonly cosine: string;
  };
  readonly cost: {
    readonly documents: string;
    readonly all: (documents: number, seconds: number) => string;
    readonly rerank: (depth: number, seconds: number) => string;
    readonly dual: (milliseconds: number) => string;
  };
  readonly selfPair: {
    readonly text: string;
    readonly example: string;
    readonly mean: string;
    readonly both: string;
    readonly first: string;
    readonly reads: string;
  };
  readonly metric: string;
  readonly average: (collections: number) => string;
  readonly systems: (metric: string) => string;
  readonly depth: {
    readonly label: string;
    readonly at: (depth: number, metric: string, value: number, seconds: number) => string;
    readonly title: (metric: string) => string;
  };
  readonly test: {
    readonly collections: string;
    readonly caption: string;
    readonly collection: string;
    readonly difference: string;
    readonly sentence: (pair: Pairing) => string;
    readonly tooFew: string;
  };
  readonly claims: {
    readonly choose: string;
    readonly counts: (follow: number, not: number, open: number) => string;
  };
}
