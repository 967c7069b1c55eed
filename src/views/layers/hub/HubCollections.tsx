import { otherHubDatasets } from '../../../lab/data/hub/hubDatasets.ts';
import { withCollection } from '../../../lab/spec/editDatasets.ts';
import './hub.css';
import { hubEntries } from '../../../lab/data/hub/entries.ts';
import { useSettings } from '../../../state/settings.ts';
import { AnotherDataset } from './AnotherDataset.tsx';
import { EntryField } from './EntryField.tsx';
import { NanoBeirField } from './NanoBeirField.tsx';

/** Collections that are downloaded: the paper's twelve, and any other data set by its id. */
export function HubCollections() {
  const { spec, change } = useSettings();
  const others = otherHubDatasets(spec, hubEntries);
  const only = spec.datasets.length === 1;
  return (
    <>
      {others.map(({ source, split }) => (
        <label key={source} className="check hub-other">
          <input
            type="checkbox"
            checked
            disabled={only}
            onChange={() => change((was) => withCollection(was, source, false))}
          />
          <span>
            {source} <span className="quiet">{split}</span>
          </span>
        </label>
      ))}
      <details className="hub-collections">
        <summary>From the hub</summary>
        <p className="quiet">
          NanoBEIR, and the paper’s twelve collections. In collections of pairs, equal texts count once, and
          every document paired with a query is relevant to it. Nothing is downloaded before a run; with a
          sample (below), only parts of large collections are.
        </p>
        <NanoBeirField />
        <ul>
          {hubEntries.map((entry) => (
            <li key={entry.id}>
              <EntryField entry={entry} />
            </li>
          ))}
        </ul>
        <AnotherDataset />
      </details>
    </>
  );
}
