import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { withPooling } from '../../lab/spec/editModels.ts';
import { layersOnly } from '../../lab/spec/editTraining.ts';
import { useSettings } from '../../state/settings.ts';
import { SettingsCard } from '../SettingsCard.tsx';
import { SpecTools } from '../SpecTools.tsx';
import { AdvancedFields } from './AdvancedFields.tsx';
import { CollectionFields } from './CollectionFields.tsx';
import { ModelFields } from './ModelFields.tsx';
import { SampleFields } from './SampleFields.tsx';

/** The experiment that Run starts: pair, collections, sample, pooling. */
export function Settings() {
  const { spec, linkProblem, change } = useSettings();
  return (
    <SettingsCard title="Experiment">
      {linkProblem ? <Problem>{linkProblem}</Problem> : null}
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
          onChange={(segments) => change((was) => withPooling(was, { segments }))}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={spec.pooling.cls}
            onChange={(event) => change((was) => withPooling(was, { cls: event.target.checked }))}
          />
          [CLS] too
        </label>
        <SelectField
          label="Tokens weigh"
          value={spec.pooling.weights}
          options={[
            ['uniform', 'all alike'],
            ['idf', 'by their IDF in the collection'],
          ]}
          onChange={(weights) => change((was) => withPooling(was, { weights }))}
        />
      </fieldset>
      <AdvancedFields />
      <SpecTools spec={layersOnly(spec)} />
    </SettingsCard>
  );
}
