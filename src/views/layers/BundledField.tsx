import { withCollection } from '../../lab/spec/editDatasets.ts';
import type { CollectionCard } from '../../state/collections.ts';
import { useSettings } from '../../state/settings.ts';

/** One bundled collection: its title, its size, and whether it is taken. */
export function BundledField({ card }: { readonly card: CollectionCard }) {
  const { source, title, about, queries, documents, domain } = card;
  const { spec, change } = useSettings();
  const taken = spec.datasets.some((dataset) => dataset.source === source);
  const size = queries && documents ? [`${queries} queries, ${documents} documents`] : [];
  const details = [...(domain ? [domain] : []), ...size].join('; ');
  return (
    <label className="check" title={about}>
      <input
        type="checkbox"
        checked={taken}
        disabled={taken && spec.datasets.length === 1}
        onChange={(event) => change((was) => withCollection(was, source, event.target.checked))}
      />
      <span>
        {title}
        {details ? <span className="quiet"> {details}</span> : null}
      </span>
    </label>
  );
}
