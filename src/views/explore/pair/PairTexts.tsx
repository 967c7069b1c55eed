import { useId } from 'react';
import { Problem } from '../../../components/Problem.tsx';
import { pickQuery, relevantOf, useExplore } from '../../../state/explore.ts';
import { askPair, inspectWithQuery, readPair, usePair } from '../../../state/pair.ts';

const example = {
  query: 'a tool that compresses files',
  document: 'gzip shrinks single files by the algorithm of Lempel and Ziv, and restores them without loss.',
};

/** The two texts, typed or picked, and how far they are read. */
export function PairTexts() {
  const { query, document } = usePair((state) => state.asked);
  return (
    <section className="card pair-texts" aria-label="The two texts">
      <Text label="Query" value={query} onChange={(text) => askPair({ query: text })}>
        <PickQuery />
      </Text>
      <Text label="Document" value={document} onChange={(text) => askPair({ document: text })}>
        <PickDocument />
      </Text>
      <Status />
    </section>
  );
}

function Text({
  label,
  value,
  onChange,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly children: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="pair-text">
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <textarea
          id={id}
          rows={2}
          value={value}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      {children}
    </div>
  );
}

const shortened = (text: string): string => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

/** The collection's queries; one that is picked is searched too, so that its documents can be. */
function PickQuery() {
  const id = useId();
  const opening = useExplore((state) => state.opening);
  const picked = useExplore((state) => state.asked.picked);
  const query = usePair((state) => state.asked.query);
  const queries = opening.status === 'ready' ? opening.page.queries : [];
  const current = queries.find((one) => one.id === picked && one.text === query);
  return (
    <div className="field">
      <label htmlFor={id}>Or one of the collection’s queries</label>
      <select
        id={id}
        value={current?.id ?? ''}
        disabled={queries.length === 0}
        onChange={(event) => {
          const found = queries.find((one) => one.id === event.target.value);
          if (!found) return;
          pickQuery(found.id);
          askPair({ query: found.text });
        }}
      >
        <option value="">Typed by you</option>
        {queries.map(({ id: one, text }) => (
          <option key={one} value={one}>
            {shortened(text)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What was found for the query that was searched last, judged documents first. */
function PickDocument() {
  const id = useId();
  const answer = useExplore((state) => state.answer);
  const asked = useExplore((state) => state.asked);
  const opening = useExplore((state) => state.opening);
  const relevant = new Set(relevantOf({ asked, opening }));
  const found = Object.entries(answer?.documents ?? {})
    .map(([row, { text }]) => ({ row: Number(row), text, relevant: relevant.has(Number(row)) }))
    .sort((a, b) => Number(b.relevant) - Number(a.relevant));
  return (
    <div className="field">
      <label htmlFor={id}>Or one that a layer finds for the query</label>
      <select
        id={id}
        value=""
        disabled={found.length === 0}
        onChange={(event) => void inspectWithQuery(Number(event.target.value))}
      >
        <option value="" disabled>
          {found.length === 0 ? 'Pick or search a query first' : `${found.length} documents`}
        </option>
        {found.map(({ row, text, relevant: judged }) => (
          <option key={row} value={row}>
            {judged ? '★ ' : ''}
            {shortened(text)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Status() {
  const status = usePair((state) => state.status);
  const seen = usePair((state) => state.seen);
  return (
    <div className="pair-status">
      {status.kind === 'empty' ? (
        <div className="button-row">
          <p className="quiet">
            Type two texts, pick them from the lists, or press ⇄ at a document on the tab Search: here they
            will stand in four pictures.
          </p>
          <button type="button" className="small" onClick={() => askPair(example)}>
            Take an example
          </button>
        </div>
      ) : null}
      <p className="quiet" role="status">
        {status.kind === 'reading' ? `${status.what}…` : ''}
        {status.kind === 'read' && seen ? `Read in ${Math.max(1, Math.round(seen.milliseconds))} ms.` : ''}
      </p>
      {status.kind === 'failed' ? (
        <>
          <Problem>{status.sentence}</Problem>
          <button type="button" className="small" onClick={() => void readPair()}>
            Try again
          </button>
        </>
      ) : null}
      {seen?.notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
    </div>
  );
}
