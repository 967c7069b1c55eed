import { markShared } from '../../lab/explore/listDifference.ts';
import { readDocument, toggleFollowed, useExplore } from '../../state/explore.ts';
import { inspectWithQuery } from '../../state/pair.ts';

/** One document in full, with the words that it shares with the query marked. */
export function ReadDocument() {
  const answer = useExplore((state) => state.answer);
  const read = useExplore((state) => state.read);
  const seen = read === null ? undefined : answer?.documents[read];
  if (!answer || read === null || !seen) return null;
  const lines = answer.flows[0]?.lines ?? [];
  const followed = lines.some(({ document }) => document === read);
  return (
    <section className="card read-document" aria-labelledby="read-title">
      <h3 id="read-title">{seen.id}</h3>
      <p>
        {markShared(seen.text, answer.query).map(({ text, shared }, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in its order.
          shared ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </p>
      <p className="quiet">Words that the query has too are marked.</p>
      <div className="button-row">
        <button type="button" className="small" onClick={() => toggleFollowed(read)}>
          {followed ? 'Take its line away' : 'Draw its ranks'}
        </button>
        <button type="button" className="small" onClick={() => void inspectWithQuery(read)}>
          Inspect with the query
        </button>
        <button type="button" className="small" onClick={() => readDocument(null)}>
          Close
        </button>
      </div>
    </section>
  );
}
