import { useState } from 'react';
import { download } from '../../components/download.ts';
import { SelectField } from '../../components/form/SelectField.tsx';
import { droppedSources, useSettings } from '../../state/settings.ts';
import { AdvancedFields } from './AdvancedFields.tsx';
import { CollectionFields } from './CollectionFields.tsx';
import { ModelFields } from './ModelFields.tsx';
import { SampleFields } from './SampleFields.tsx';

/** The experiment that Run starts: pair, collections, sample, pooling. */
export function Settings() {
  const { spec, linkProblem, change, reset } = useSettings();
  // A narrow screen shows the curves first.
  const [open, setOpen] = useState(() => matchMedia('(min-width: 60rem)').matches);
  return (
    <details
      className="card settings"
      open={open}
      onToggle={(event) => setOpen((event.target as HTMLDetailsElement).open)}
    >
      <summary>
        <h2>Experiment</h2>
      </summary>
      {linkProblem ? (
        <p className="problem" role="alert">
          {linkProblem}
        </p>
      ) : null}
      <ModelFields />
      <CollectionFields />
      <SampleFields />
      <fieldset>
        <legend>Pooling</legend>
        <SelectField
          label="Mean over"
          value={spec.pooling.segments}
          options={[
            ['both', 'both copies of the CE’s self pair'],
            ['first', 'the first copy only'],
          ]}
          onChange={(segments) => change((was) => ({ ...was, pooling: { ...was.pooling, segments } }))}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={spec.pooling.cls}
            onChange={(event) =>
              change((was) => ({ ...was, pooling: { ...was.pooling, cls: event.target.checked } }))
            }
          />
          [CLS] too
        </label>
      </fieldset>
      <AdvancedFields />
      <div className="button-row">
        <CopyLink />
        <button
          type="button"
          className="small"
          onClick={() => download('spec.json', `${JSON.stringify(spec, null, 2)}\n`, 'application/json')}
        >
          Save spec.json
        </button>
        <button type="button" className="small" onClick={reset}>
          Reset
        </button>
      </div>
    </details>
  );
}

function CopyLink() {
  const spec = useSettings((state) => state.spec);
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    const dropped = droppedSources(spec);
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid(
        dropped.length > 0
          ? `Copied; whoever opens it needs ${dropped.join(', ')} dropped again.`
          : 'Copied.',
      );
    } catch {
      setSaid('The browser does not allow copying; the address bar has the link.');
    }
  };
  return (
    <>
      <button type="button" className="small" onClick={() => void copy()}>
        Copy link
      </button>
      <span role="status" className="quiet">
        {said}
      </span>
    </>
  );
}
