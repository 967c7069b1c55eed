import { useEffect } from 'react';
import { SelectField } from '../../components/form/SelectField.tsx';
import { nameOf, readFurtherCards, useCollections } from '../../state/collections.ts';
import { useDropped } from '../../state/dropped.ts';
import { ask, useExplore } from '../../state/explore.ts';
import { useSettings } from '../../state/settings.ts';

/**
 * Which collection is explored, and with which models.
 * @param onChoose told the source; without it the collection is opened and searched
 */
export function CollectionChoice({ onChoose = search }: { readonly onChoose?: (source: string) => void }) {
  useEffect(() => void readFurtherCards(), []);
  const collection = useExplore((state) => state.asked.collection);
  const bundled = useCollections((state) => state.bundled);
  const further = useCollections((state) => state.further);
  const dropped = useDropped((state) => state.collections);
  const spec = useSettings((state) => state.spec);
  const known = [...bundled, ...further].map(({ source, title }) => [source, title] as const);
  const others = [
    ...dropped.map(({ name }) => `folder:${name}`),
    ...spec.datasets.map(({ source }) => source),
    collection,
  ]
    .filter((source, index, all) => all.indexOf(source) === index && !known.some(([one]) => one === source))
    .map((source) => [source, nameOf(source)] as const);
  return (
    <div>
      <SelectField
        label="Collection"
        value={collection}
        options={[...known, ...others]}
        onChange={onChoose}
      />
      <p className="quiet">
        CE {spec.models.ce.source}, DE {spec.models.de.source}. Other models, and your own collections, are
        chosen on the page Layers.
      </p>
    </div>
  );
}

function search(source: string): void {
  ask({ collection: source, whole: false, query: '', picked: null, followed: [] });
}
