import { PlacedCounts, type ReadCounts, sentenceOfCount } from './dataReport.ts';

/** Where a row stands. */
export interface RowPlace {
  readonly file: string;
  readonly line: number;
}

type Group = Exclude<keyof ReadCounts, 'rows'>;

/** What may become of a row, in the order in which it is said, whatever order the files are read in. */
const fates = {
  documentWithoutId: ['leftOut', 'documents without an id, left out'],
  documentWithoutText: ['leftOut', 'documents without a text, left out'],
  documentOfSameId: ['leftOut', 'documents with the id of one before and another text, left out'],
  queryWithoutId: ['leftOut', 'queries without an id, left out'],
  queryWithoutText: ['leftOut', 'queries without a text, left out'],
  queryOfSameId: ['leftOut', 'queries with the id of one before and another text, left out'],
  judgementOfNoQuery: ['leftOut', 'judgements of queries that are not there or have no text, left out'],
  judgementOfNoDocument: ['leftOut', 'judgements of documents that are not there or have no text, left out'],
  judgementChanged: ['leftOut', 'judgements that give a pair another score than one before; the last counts'],
  pairWithoutText: ['leftOut', 'rows without a query or a document, left out'],
  documentAgain: ['merged', 'documents that repeat one before, merged'],
  queryAgain: ['merged', 'queries that repeat one before, merged'],
  judgementAgain: ['merged', 'judgements that repeat one before, merged'],
  pairAgain: ['merged', 'rows that repeat a pair, merged'],
  queryWithoutRelevant: ['unjudged', 'queries without a relevant document in this split, not measured'],
} as const satisfies Record<string, readonly [Group, string]>;

export type RowFate = keyof typeof fates;

const allFates = Object.keys(fates) as RowFate[];

/** Takes down what becomes of the rows of a collection's files while they are read. */
export class RowLedger {
  readonly #rows = { documents: 0, queries: 0, judgements: 0, pairs: 0 };
  readonly #noted = new Map<RowFate, PlacedCounts>();

  /** A row was read. */
  read(kind: keyof ReadCounts['rows']): void {
    this.#rows[kind]++;
  }

  /** @param id of the text, or what a judgement names */
  note(fate: RowFate, { file, line }: RowPlace, id?: string): void {
    const noted = this.#noted.get(fate) ?? new PlacedCounts();
    this.#noted.set(fate, noted);
    noted.add(fates[fate][1], `${file}, line ${line}${id === undefined ? '' : `, "${id}"`}`);
  }

  /** Its entries, for more to be added. */
  copy(): RowLedger {
    const copy = new RowLedger();
    Object.assign(copy.#rows, this.#rows);
    for (const [fate, noted] of this.#noted) copy.#noted.set(fate, noted.copy());
    return copy;
  }

  counts(): ReadCounts {
    const of = (group: Group): ReadCounts[Group] =>
      allFates
        .filter((fate) => fates[fate][0] === group)
        .flatMap((fate) => this.#noted.get(fate)?.list() ?? []);
    return {
      rows: { ...this.#rows },
      leftOut: of('leftOut'),
      merged: of('merged'),
      unjudged: of('unjudged'),
    };
  }

  /** One sentence for each count. */
  warnings(): string[] {
    const { leftOut, merged, unjudged } = this.counts();
    return [...leftOut, ...merged, ...unjudged].map(sentenceOfCount);
  }
}
