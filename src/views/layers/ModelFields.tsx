import { SelectField } from '../../components/form/SelectField.tsx';
import { TextField } from '../../components/form/TextField.tsx';
import type { ModelKind } from '../../lab/models/types.ts';
import { bundledModels } from '../../lab/spec/defaults.ts';
import { changeModel } from '../../lab/spec/editModels.ts';
import { modelSource, type Spec } from '../../lab/spec/spec.ts';
import { useDropped } from '../../state/dropped.ts';
import { useSettings } from '../../state/settings.ts';
import { HubModels } from './models/HubModels.tsx';
import { ModelLook } from './models/ModelLook.tsx';

type Dtype = Spec['models']['ce']['dtype'];

const labels: Readonly<Record<ModelKind, string>> = { ce: 'Cross encoder', de: 'Dual encoder' };
const precisions: readonly (readonly [Dtype, string])[] = [
  ['auto', 'automatic'],
  ['fp32', 'float32'],
  ['fp16', 'float16'],
  ['q8', '8-bit'],
  ['q4', '4-bit'],
  ['q4f16', '4-bit, rest float16'],
  ['bnb4', '4-bit NormalFloat'],
];

function checkSource(text: string): string | null {
  return modelSource.safeParse(text).success
    ? null
    : 'Write bundled:NAME or hub:OWNER/NAME@REVISION, or drop a model folder below.';
}

/** The pair that is compared. */
export function ModelFields() {
  const { spec, change } = useSettings();
  const dropped = useDropped((state) => state.models);
  return (
    <fieldset>
      <legend>Models</legend>
      {(['ce', 'de'] as const).map((kind) => (
        <div key={kind} className="model-fields">
          <TextField
            label={labels[kind]}
            value={spec.models[kind].source}
            suggestions={[
              bundledModels[kind],
              ...dropped.filter((model) => model.kind === kind).map(({ source }) => source),
            ]}
            check={checkSource}
            onChange={(source) => change((was) => changeModel(was, kind, { source }))}
          />
          <SelectField
            label={`${kind.toUpperCase()} precision`}
            value={spec.models[kind].dtype}
            options={precisions}
            onChange={(dtype) => change((was) => changeModel(was, kind, { dtype }))}
          />
          <ModelLook kind={kind} />
        </div>
      ))}
      <HubModels />
      {dropped.map(({ source, sentence }) => (
        <p key={source} className="quiet">
          {sentence}
        </p>
      ))}
    </fieldset>
  );
}
