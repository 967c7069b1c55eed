import { type FormEvent, useState } from 'react';
import { NumberField } from '../../components/form/NumberField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { TextField } from '../../components/form/TextField.tsx';
import { copiedLayers, listOf, readList, wrongList } from '../../lab/spec/copiedLayers.ts';
import { withShape } from '../../lab/spec/editTraining.ts';
import type { TrainSpec } from '../../lab/spec/spec.ts';
import { lossLabels, modelLabel } from '../../lab/spec/systemLabel.ts';
import { type Shape, shapeOf, shapesOf, taughtShapes } from '../../lab/spec/trainPresets.ts';
import { useSettings } from '../../state/settings.ts';

interface ShapeFieldsProps {
  readonly runs: readonly TrainSpec[];
  /** Encoder layers of the CE. */
  readonly layers: number;
}

/** Which models are trained: the paper's shapes, and any other. */
export function ShapeFields({ runs, layers }: ShapeFieldsProps) {
  const change = useSettings((state) => state.change);
  const known = [...shapesOf(layers), ...taughtShapes];
  const others = runs
    .filter(({ name }) => known.every(({ id }) => id !== name))
    .map(
      ({ name, init, layers: own, copyLayers, copy, loss, teacher, adaptiveLayers }): Shape => ({
        id: name,
        title: modelLabel(name),
        fields: { init, layers: own, copyLayers, copy, loss, teacher, adaptiveLayers },
      }),
    );
  return (
    <fieldset>
      <legend>Models</legend>
      {[...known, ...others].map((shape) => {
        const taken = runs.some(({ name }) => name === shape.id);
        return (
          <label key={shape.id} className="check">
            <input
              type="checkbox"
              checked={taken}
              disabled={taken && runs.length === 1}
              onChange={(event) => change((was) => withShape(was, shape, event.target.checked))}
            />
            <span>
              {shape.title} <span className="quiet">{inWords(shape.fields)}</span>
            </span>
          </label>
        );
      })}
      <AnotherShape />
    </fieldset>
  );
}

function inWords(fields: Shape['fields']): string {
  const { loss = 'mnrl', teacher } = fields;
  const adaptive = fields.adaptiveLayers ? ', the loss at every layer' : '';
  if (loss === 'mnrl') return `${startInWords(fields)}${adaptive}`;
  const who = teacher ?? (loss === 'mse' ? 'de' : 'ce');
  const name = who === 'ce' || who === 'de' ? `the ${who.toUpperCase()}` : who;
  return `${startInWords(fields)}${adaptive}, taught by ${name}: ${taught[loss]}`;
}

/** What a teacher gives for each loss. */
const taught = {
  mse: 'its vectors',
  'margin-mse': 'how far apart it scores a positive and a negative',
  kl: 'its scores of each query’s candidates',
} as const;

function startInWords(fields: Shape['fields']): string {
  const { init, layers, copy } = fields;
  const own = layers === 1 ? '1 layer' : `${layers} layers`;
  if (init === 'random') return `${own}, all random`;
  const copied = copiedLayers(fields);
  const number = copy ? `${copied.length === 1 ? 'layer' : 'layers'} ${listOf(copied)}` : copied.length;
  return `${own}, ${copied.length === 0 ? 'the embeddings' : number} from the ${init.toUpperCase()}`;
}

const losses = Object.entries(lossLabels) as [TrainSpec['loss'], string][];

function AnotherShape() {
  const change = useSettings((state) => state.change);
  const [fields, setFields] = useState<Shape['fields']>({ init: 'ce', layers: 3, copyLayers: 2 });
  const { init, loss = 'mnrl' } = fields;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change((was) => withShape(was, shapeOf(fields), true));
  };
  return (
    <details>
      <summary>Another shape</summary>
      <form className="another-shape" onSubmit={submit}>
        <SelectField
          label="Start from"
          value={init}
          options={[
            ['ce', 'the cross encoder'],
            ['de', 'the dual encoder'],
            ['random', 'random weights'],
          ]}
          onChange={(chosen) => setFields({ ...fields, init: chosen })}
        />
        <LayerFields fields={fields} onChange={setFields} />
        <SelectField
          label="Loss"
          value={loss}
          options={losses}
          onChange={(chosen) => setFields({ ...fields, loss: chosen, teacher: null })}
        />
        {loss === 'kl' ? (
          <SelectField
            label="Teacher"
            value={fields.teacher === 'de' ? 'de' : 'ce'}
            options={[
              ['ce', 'the cross encoder’s logits'],
              ['de', 'the dual encoder’s cosines'],
            ]}
            onChange={(teacher) => setFields({ ...fields, teacher })}
          />
        ) : null}
        <button type="submit" className="small">
          Add the shape
        </button>
      </form>
    </details>
  );
}

interface LayerFieldsProps {
  readonly fields: Shape['fields'];
  readonly onChange: (fields: Shape['fields']) => void;
}

/** How many layers the model has, and how many and which are copied. */
function LayerFields({ fields, onChange }: LayerFieldsProps) {
  const { init, layers, copyLayers, copy } = fields;
  return (
    <>
      <div className="field-pair">
        <NumberField
          label="Layers"
          value={layers}
          min={1}
          max={48}
          onChange={(number) =>
            number !== null &&
            onChange({
              ...fields,
              layers: number,
              copyLayers: Math.min(copyLayers, number),
              copy: copy?.slice(0, number),
            })
          }
        />
        {init === 'random' ? null : (
          <NumberField
            label="Layers copied"
            value={copy?.length ?? copyLayers}
            min={0}
            max={layers}
            onChange={(number) =>
              number !== null && onChange({ ...fields, copyLayers: number, copy: undefined })
            }
          />
        )}
      </div>
      {init === 'random' ? null : (
        <TextField
          label="Which of them (0 is the first; empty for the first ones)"
          value={copy?.join(', ') ?? ''}
          check={(text) => wrongList(text, layers)}
          onChange={(text) => onChange({ ...fields, copy: readList(text) ?? undefined })}
        />
      )}
    </>
  );
}
