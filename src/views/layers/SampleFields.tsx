import { NumberField } from '../../components/form/NumberField.tsx';
import { sharedSample, useSettings, withSample } from '../../state/settings.ts';

/** How much of each collection is taken. */
export function SampleFields() {
  const { spec, change } = useSettings();
  return (
    <fieldset>
      <legend>Sample of each collection</legend>
      <div className="field-pair">
        {(['queries', 'documents'] as const).map((part) => (
          <NumberField
            key={part}
            label={part === 'queries' ? 'Queries' : 'Documents'}
            value={sharedSample(spec.datasets, part)}
            min={1}
            empty="all"
            onChange={(size) => change((was) => withSample(was, part, size))}
          />
        ))}
      </div>
      <p className="quiet">
        Relevant documents of the sampled queries are always among the documents. Fewer documents make search
        easier, so compare numbers of equal samples only.
      </p>
    </fieldset>
  );
}
