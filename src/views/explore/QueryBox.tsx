import { useId } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { ask, pickQuery, useExplore } from '../../state/explore.ts';

/** The query, typed or picked, and how long its answer took. Each part is drawn anew by itself: a key changes one. */
export function QueryBox() {
  return (
    <div className="query-box">
      <TypedQuery />
      <PickedQuery />
      <AnswerNote />
    </div>
  );
}

function TypedQuery() {
  const id = useId();
  const query = useExplore((state) => state.asked.query);
  return (
    <div className="field">
      <label htmlFor={id}>Query</label>
      <textarea
        id={id}
        className="query"
        rows={1}
        value={query}
        spellCheck={false}
        placeholder="What are you looking for?"
        onChange={(event) => ask({ query: event.target.value, picked: null, followed: [] })}
      />
    </div>
  );
}

function PickedQuery() {
  const id = useId();
  const picked = useExplore((state) => state.asked.picked);
  const queries = useExplore(({ opening }) => (opening.status === 'ready' ? opening.page.queries : null));
  return (
    <div className="field">
      <label htmlFor={id}>Or one of the collection’s {queries?.length ?? ''} queries</label>
      <select
        id={id}
        value={picked ?? ''}
        disabled={!queries?.length}
        onChange={(event) => pickQuery(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">Typed by you</option>
        {queries?.map(({ id: one, text }) => (
          <option key={one} value={one}>
            {text.length > 90 ? `${text.slice(0, 90)}…` : text}
          </option>
        ))}
      </select>
    </div>
  );
}

function AnswerNote() {
  const answer = useExplore((state) => state.answer);
  const problem = useExplore((state) => state.problem);
  return (
    <>
      {problem ? <Problem>{problem}</Problem> : null}
      <p className="quiet" role="status">
        {answer
          ? `Answered in ${Math.max(1, Math.round(answer.milliseconds))} ms by every layer of both models.`
          : ''}
      </p>
      {answer?.notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
    </>
  );
}
