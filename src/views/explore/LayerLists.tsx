import { memo } from 'react';
import { RadioField } from '../../components/form/RadioField.tsx';
import type { SeenAnswer } from '../../lab/explore/answer.ts';
import type { ExploredList } from '../../lab/explore/explorer.ts';
import { listDifference } from '../../lab/explore/listDifference.ts';
import { layerLabel } from '../../lab/report/curves.ts';
import { type Against, ask, readDocument, relevantOf, useExplore } from '../../state/explore.ts';
import { inspectWithQuery } from '../../state/pair.ts';

const against: readonly (readonly [Against, string])[] = [
  ['none', 'nothing'],
  ['neighbour', 'the layer before'],
  ['bm25', 'BM25'],
];

/** Letters of a document that a line can show; to measure the rest takes a large part of the time of a key. */
const lineLength = 140;

/** The first ten of every layer, side by side. */
export function LayerLists() {
  const answer = useExplore((state) => state.answer);
  // Not all that is asked, which changes with every key, long before its lists come.
  const compared = useExplore((state) => state.asked.against);
  const relevant = new Set(useExplore(relevantOf));
  if (!answer) {
    return (
      <section className="card" aria-label="Lists">
        <p className="quiet">
          Here each layer’s first ten documents will stand side by side. Type a query to see them.
        </p>
      </section>
    );
  }
  const rows = [
    ['Cross encoder (CE)', answer.lists.filter(({ system }) => system === 'ce')],
    ['Dual encoder (DE)', answer.lists.filter(({ system }) => system === 'de')],
    ['Words (BM25)', answer.lists.filter(({ system }) => system === 'bm25')],
  ] as const;
  return (
    <section className="card" aria-labelledby="lists-title">
      <div className="lists-head">
        <h3 id="lists-title">The first ten of every layer</h3>
        <RadioField
          legend="Compare with"
          value={compared}
          options={against}
          onChange={(value) => ask({ against: value })}
        />
      </div>
      <p className="quiet">
        {relevant.size > 0 ? '★ marks documents that are judged relevant. ' : ''}
        {compared === 'none'
          ? ''
          : '+ marks what the other list lacks; what it has in addition stands below. '}
        Press a document to read it, ⇄ to inspect it with the query.
      </p>
      {rows.map(([name, lists]) => (
        <div key={name}>
          <h4>{name}</h4>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard. */}
          <section className="layer-lists" aria-label={name} tabIndex={0}>
            {lists.map((list, index) => (
              <OneList
                key={list.layer}
                list={list}
                other={otherOf(compared, lists, index, answer)}
                answer={answer}
                relevant={relevant}
              />
            ))}
          </section>
        </div>
      ))}
    </section>
  );
}

function otherOf(
  kind: Against,
  lists: readonly ExploredList[],
  index: number,
  answer: SeenAnswer,
): ExploredList | undefined {
  if (kind === 'none' || lists[index]?.system === 'bm25') return undefined;
  return kind === 'neighbour' ? lists[index - 1] : answer.lists.find(({ system }) => system === 'bm25');
}

function OneList({
  list,
  other,
  answer,
  relevant,
}: {
  readonly list: ExploredList;
  readonly other: ExploredList | undefined;
  readonly answer: SeenAnswer;
  readonly relevant: ReadonlySet<number>;
}) {
  const rowsOf = ({ hits }: ExploredList): number[] => hits.map(({ document }) => document);
  const difference = other ? listDifference(rowsOf(list), rowsOf(other)) : null;
  const gained = new Set(difference?.gained ?? []);
  const hit = (document: number, score: number | null) => (
    <Hit
      document={document}
      text={answer.documents[document]?.text ?? ''}
      relevant={relevant.has(document)}
      gained={gained.has(document)}
      score={score === null ? null : score.toFixed(3)}
    />
  );
  return (
    <div className="layer-list">
      <h5>{list.layer === null ? 'BM25' : `Layer ${layerLabel(list.layer)}`}</h5>
      {list.hits.length === 0 ? <p className="quiet">Nothing.</p> : null}
      <ol>
        {list.hits.map(({ document, score }, rank) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: with every key all change; to write in place is half the work.
          <li key={rank}>{hit(document, score)}</li>
        ))}
      </ol>
      {difference && difference.lost.length > 0 ? (
        <details>
          <summary>Missing: {difference.lost.length} of the other list</summary>
          <ul>
            {difference.lost.map((document) => (
              <li key={document}>{hit(document, null)}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}

interface HitProps {
  readonly document: number;
  readonly text: string;
  readonly relevant: boolean;
  readonly gained: boolean;
  readonly score: string | null;
}

/** One document of a list; most of a list stays as it is from one key to the next. */
const Hit = memo(function Hit({ document, text, relevant, gained, score }: HitProps) {
  return (
    <div className="hit-row">
      <button type="button" className="hit" title={text} onClick={() => readDocument(document)}>
        {relevant ? <span className="star">★ relevant </span> : null}
        {gained ? <span className="gained">+ </span> : null}
        <span className="hit-text">{text.slice(0, lineLength)}</span>
        {score === null ? null : <span className="hit-score">{score}</span>}
      </button>
      <button
        type="button"
        className="hit-inspect"
        title="Inspect with the query"
        aria-label={`Inspect with the query: ${text.slice(0, 60)}`}
        onClick={() => void inspectWithQuery(document)}
      >
        ⇄
      </button>
    </div>
  );
});
