import './hub.css';
import { hubEntries } from '../../../lab/data/hub/entries.ts';
import { otherHubDatasets } from '../../../state/hub.ts';
import { useSettings, withCollection } from '../../../state/settings.ts';
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
          NanoBEIR, and the paper’s twelve collections. Of pairs, equal texts are one, and all documents
          paired with a query are relevant to it. Nothing is downloaded before a run; set a sample below, and
          of large ones only parts are.
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
