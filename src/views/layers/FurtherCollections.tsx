import { withCollections } from '../../lab/spec/editDatasets.ts';
import { type CollectionCard, readFurtherCards, useCollections } from '../../state/collections.ts';
import { useSettings } from '../../state/settings.ts';
import { BundledField } from './BundledField.tsx';

/** Bundled collections that the pair was not trained on; each is fetched when a run takes it. */
export function FurtherCollections() {
  const further = useCollections((state) => state.further);
  const { spec, change } = useSettings();
  const sources = further.map(({ source }) => source);
  const taken = sources.filter((source) => spec.datasets.some((dataset) => dataset.source === source));
  const all = taken.length === sources.length;
  const read = further.filter(({ training }) => training === 'texts').map(({ title }) => title);
  return (
    <details
      className="further-collections"
      onToggle={(event) => {
        if (event.currentTarget.open) void readFurtherCards();
      }}
    >
      <summary>
        Unseen in training: {sources.length} more{taken.length > 0 ? `, ${taken.length} taken` : ''}
      </summary>
      <p className="quiet">
        The bundled pair was trained on pairs from the sources of the four above, and on none from these.
        {read.length > 0 ? ` ${readAlone(read)}` : ''} Each is fetched when a run takes it, {largest(further)}
        .
      </p>
      {further.map((card) => (
        <BundledField key={card.source} card={card} />
      ))}
      <button
        type="button"
        className="small"
        onClick={() => change((was) => withCollections(was, sources, !all))}
      >
        {all ? 'Leave all out' : 'Take all'}
      </button>
    </details>
  );
}

function readAlone(titles: readonly string[]): string {
  return `Texts of ${titles.join(' and ')} were read by its language modelling, without pairs.`;
}

function largest(cards: readonly CollectionCard[]): string {
  const most = Math.max(...cards.map(({ documents }) => documents ?? 0));
  return most > 0 ? `at most ${most.toLocaleString('en')} documents, below 700 kB` : 'below 700 kB';
}
