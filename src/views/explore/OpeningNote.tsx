import { duration } from '../../base/units.ts';
import { Problem } from '../../components/Problem.tsx';
import type { ExploredPage } from '../../lab/explore/answer.ts';
import type { ExploreEvent } from '../../lab/explore/openExplorer.ts';
import { ask, cancelOpening, openCollection, useExplore } from '../../state/explore.ts';

/** How far the collection is, or what of it is searched. */
export function OpeningNote() {
  const opening = useExplore((state) => state.opening);
  const notices = useExplore((state) => state.notices);
  return (
    <div className="opening-note">
      {opening.status === 'opening' ? (
        <div className="button-row">
          <p role="status">{sentenceOn(opening.event)}</p>
          <button type="button" className="small" onClick={cancelOpening}>
            Cancel
          </button>
        </div>
      ) : null}
      {opening.status === 'failed' || opening.status === 'cancelled' ? (
        <>
          {opening.status === 'failed' ? (
            <Problem>{opening.sentence}</Problem>
          ) : (
            <p role="status">Cancelled. What was embedded is kept.</p>
          )}
          <button type="button" className="small" onClick={() => void openCollection()}>
            Try again
          </button>
        </>
      ) : null}
      {opening.status === 'ready' ? <Searched page={opening.page} /> : null}
      {notices.map((text) => (
        <p key={text} className="quiet">
          {text}
        </p>
      ))}
    </div>
  );
}

function sentenceOn(event: ExploreEvent): string {
  if (event.type !== 'embedding') return `${event.text}…`;
  const { model, done, total, secondsLeft } = event;
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  return `Embedding with the ${model.toUpperCase()}: ${done} of ${total} documents${left}`;
}

function Searched({ page }: { readonly page: ExploredPage }) {
  const { documents, of, stored, title } = page;
  const whole = documents === of.documents;
  return (
    <div className="button-row">
      <p className="quiet">
        {whole
          ? `All ${documents} documents of ${title} are searched.`
          : `${documents} of the ${of.documents} documents of ${title} are searched.`}
        {stored ? ' Their vectors came with the page, in half precision.' : ''}
      </p>
      {whole ? null : (
        <button type="button" className="small" onClick={() => ask({ whole: true, followed: [] })}>
          Embed all {of.documents} documents
        </button>
      )}
    </div>
  );
}
