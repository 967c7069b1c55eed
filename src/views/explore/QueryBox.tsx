import { useId } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { ask, pickQuery, useExplore } from '../../state/explore.ts';

/** The query, typed or picked, and how long its answer took. */
export function QueryBox() {
  const id = useId();
  const pickId = useId();
  const { query, picked } = useExplore((state) => state.asked);
  const opening = useExplore((state) => state.opening);
  const answer = useExplore((state) => state.answer);
  const problem = useExplore((state) => state.problem);
  const queries = opening.status === 'ready' ? opening.page.queries : [];
  return (
    <div className="query-box">
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
      <div className="field">
        <label htmlFor={pickId}>
          Or one of the collection’s {queries.length > 0 ? queries.length : ''} queries
        </label>
        <select
          id={pickId}
          value={picked ?? ''}
          disabled={queries.length === 0}
          onChange={(event) => pickQuery(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">Typed by you</option>
          {queries.map(({ id: one, text }) => (
            <option key={one} value={one}>
              {text.length > 90 ? `${text.slice(0, 90)}…` : text}
            </option>
          ))}
        </select>
      </div>
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
    </div>
  );
}
