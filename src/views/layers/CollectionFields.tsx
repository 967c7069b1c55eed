import { lazy, Suspense } from 'react';
import { FileDrop } from '../../components/fileDrop/FileDrop.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import type { Preview } from '../../lab/data/understand.ts';
import { withCollection } from '../../lab/spec/editDatasets.ts';
import { useCollections } from '../../state/collections.ts';
import { dismissProblem, takeDropped, useDropped } from '../../state/dropped.ts';
import { useSettings } from '../../state/settings.ts';
import { BundledField } from './BundledField.tsx';
import { FurtherCollections } from './FurtherCollections.tsx';

/** The hub's list is long and mostly closed, so it comes after the page. */
const HubCollections = lazy(async () => ({
  default: (await import('./hub/HubCollections.tsx')).HubCollections,
}));

/** The collections that are searched: bundled ones, and the user's own. */
export function CollectionFields() {
  const spec = useSettings((state) => state.spec);
  const bundled = useCollections((state) => state.bundled);
  const { collections, reading, problem } = useDropped();
  const only = spec.datasets.length === 1;
  return (
    <fieldset>
      <legend>Collections</legend>
      {bundled.map((card) => (
        <BundledField key={card.source} card={card} />
      ))}
      <FurtherCollections />
      {collections.map((preview) => (
        <DroppedCollection key={preview.name} preview={preview} only={only} />
      ))}
      <Suspense fallback={null}>
        <HubCollections />
      </Suspense>
      {problem ? <Problem onDismiss={dismissProblem}>{problem}</Problem> : null}
      <FileDrop
        label="Drop your own text or model here"
        hint="A BEIR folder (corpus.jsonl, queries.jsonl, qrels), pairs or triplets as .tsv, .csv, .jsonl or .parquet, or a model folder. Nothing is sent anywhere."
        busy={reading}
        onDrop={(dropped) => void takeDropped(dropped)}
      />
    </fieldset>
  );
}

function DroppedCollection({ preview, only }: { readonly preview: Preview; readonly only: boolean }) {
  const { spec, change } = useSettings();
  const source = `folder:${preview.name}`;
  const dataset = spec.datasets.find((known) => known.source === source);
  return (
    <div className="preview">
      <label className="check">
        <input
          type="checkbox"
          checked={dataset !== undefined}
          disabled={only && dataset !== undefined}
          onChange={(event) =>
            change((was) => withCollection(was, source, event.target.checked, preview.split))
          }
        />
        <span>{preview.sentence}</span>
      </label>
      {preview.splits.length > 1 && dataset ? (
        <SelectField
          label={`Split of ${preview.name}`}
          value={dataset.split}
          options={preview.splits.map((split) => [split, split] as const)}
          onChange={(split) => change((was) => withCollection(was, source, true, split))}
        />
      ) : null}
      <details>
        <summary>What was understood</summary>
        <dl className="examples">
          {preview.examples.map(({ query, document }) => (
            <div key={query}>
              <dt>{query}</dt>
              <dd>{document}</dd>
            </div>
          ))}
        </dl>
      </details>
      {preview.warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
    </div>
  );
}
