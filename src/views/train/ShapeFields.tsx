import { type FormEvent, useState } from 'react';
import { NumberField } from '../../components/form/NumberField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { copiedLayers, listOf } from '../../lab/spec/copiedLayers.ts';
import { withShape } from '../../lab/spec/editTraining.ts';
import type { TrainSpec } from '../../lab/spec/spec.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { type Shape, shapeOf, shapesOf } from '../../lab/spec/trainPresets.ts';
import { useSettings } from '../../state/settings.ts';

interface ShapeFieldsProps {
  readonly runs: readonly TrainSpec[];
  /** Encoder layers of the CE. */
  readonly layers: number;
}

/** Which models are trained: the paper's shapes, and any other. */
export function ShapeFields({ runs, layers }: ShapeFieldsProps) {
  const change = useSettings((state) => state.change);
  const known = shapesOf(layers);
  const others = runs
    .filter(({ name }) => known.every(({ id }) => id !== name))
    .map(
      ({ name, init, layers: own, copyLayers, copy }): Shape => ({
        id: name,
        title: modelLabel(name),
        fields: { init, layers: own, copyLayers, copy },
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
  const { init, layers, copy } = fields;
  const own = layers === 1 ? '1 layer' : `${layers} layers`;
  if (init === 'random') return `${own}, all random`;
  const copied = copiedLayers(fields);
  const number = copy ? `${copied.length === 1 ? 'layer' : 'layers'} ${listOf(copied)}` : copied.length;
  return `${own}, ${copied.length === 0 ? 'the embeddings' : number} from the ${init.toUpperCase()}`;
}

function AnotherShape() {
  const change = useSettings((state) => state.change);
  const [fields, setFields] = useState<Shape['fields']>({ init: 'ce', layers: 3, copyLayers: 2 });
  const { init, layers, copyLayers } = fields;
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
        <div className="field-pair">
          <NumberField
            label="Layers"
            value={layers}
            min={1}
            max={48}
            onChange={(number) =>
              number !== null &&
              setFields({ ...fields, layers: number, copyLayers: Math.min(copyLayers, number) })
            }
          />
          {init === 'random' ? null : (
            <NumberField
              label="Layers copied"
              value={copyLayers}
              min={0}
              max={layers}
              onChange={(number) => number !== null && setFields({ ...fields, copyLayers: number })}
            />
          )}
        </div>
        <button type="submit" className="small">
          Add the shape
        </button>
      </form>
    </details>
  );
}
