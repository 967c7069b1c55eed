import { NumberField } from '../../components/form/NumberField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { sharedSample, withSample, withSelfRule } from '../../lab/spec/editDatasets.ts';
import { useSettings } from '../../state/settings.ts';

const selfOptions = [
  ['auto', 'does not find itself, unless judged'],
  ['always', 'does not find itself'],
  ['never', 'may find itself'],
] as const;

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
      <SelectField
        label="A query whose id is a document's"
        value={spec.datasets[0]?.excludeSelf ?? 'auto'}
        options={selfOptions}
        onChange={(rule) => change((was) => withSelfRule(was, rule))}
      />
      <p className="quiet">
        Relevant documents of the sampled queries are always among the documents. Fewer documents make search
        easier, so only compare numbers from equal samples.
      </p>
    </fieldset>
  );
}
