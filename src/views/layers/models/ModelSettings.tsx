import { NumberField } from '../../../components/form/NumberField.tsx';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { TextField } from '../../../components/form/TextField.tsx';
import type { ModelKind } from '../../../lab/models/types.ts';
import { changeModel } from '../../../lab/spec/editModels.ts';
import type { Spec } from '../../../lab/spec/spec.ts';
import { useSettings } from '../../../state/settings.ts';

type De = Spec['models']['de'];

const prompts: readonly (readonly ['own' | 'none', string])[] = [
  ['own', 'the model’s own'],
  ['none', 'none'],
];

/** How a model is used in a comparison: a DE's prompts and dimensions, a CE's label. */
export function ModelSettings({ kind }: { readonly kind: ModelKind }) {
  return kind === 'ce' ? <CeSettings /> : <DeSettings />;
}

function CeSettings() {
  const label = useSettings(({ spec }) => spec.models.ce.label);
  const change = useSettings((state) => state.change);
  return (
    <TextField
      label="Label that means relevant (name or index; empty finds it)"
      value={label === null ? '' : String(label)}
      check={() => null}
      onChange={(text) => change((was) => changeModel(was, 'ce', { label: labelOf(text) }))}
    />
  );
}

function labelOf(text: string): Spec['models']['ce']['label'] {
  const name = text.trim();
  if (name === '') return null;
  return /^\d+$/.test(name) ? Number(name) : name;
}

function DeSettings() {
  const { prompts: chosen, dimensions } = useSettings(({ spec }) => spec.models.de);
  const change = useSettings((state) => state.change);
  const set = (part: Partial<De>): void => change((was) => changeModel(was, 'de', part));
  return (
    <>
      {typeof chosen === 'string' ? (
        <SelectField
          label="Prompts in a comparison"
          value={chosen}
          options={prompts}
          onChange={(choice) => set({ prompts: choice })}
        />
      ) : (
        <p>
          Prompts of the spec: {JSON.stringify(chosen.query)} before queries,{' '}
          {JSON.stringify(chosen.document)} before documents.
        </p>
      )}
      <NumberField
        label="Dimensions kept in a comparison"
        value={dimensions}
        min={1}
        empty="all"
        onChange={(kept) => set({ dimensions: kept })}
      />
    </>
  );
}
