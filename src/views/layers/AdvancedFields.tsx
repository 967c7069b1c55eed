import { NumberField } from '../../components/form/NumberField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { TextField } from '../../components/form/TextField.tsx';
import { useSettings } from '../../state/settings.ts';

const layerList = /^\s*\d+(?:[\s,]+\d+)*\s*$/;

function checkLayers(text: string): string | null {
  return text.trim() === 'all' || layerList.test(text) ? null : 'Write all, or layer numbers such as 0 1 2.';
}

/** Settings that rarely change. */
export function AdvancedFields() {
  const { spec, change } = useSettings();
  const { layers, bootstrapSamples, topK } = spec.layerwise;
  const changeLayerwise = (part: Partial<typeof spec.layerwise>): void =>
    change((was) => ({ ...was, layerwise: { ...was.layerwise, ...part } }));
  return (
    <details>
      <summary>More</summary>
      <SelectField
        label="Run models on"
        value={spec.backend}
        options={[
          ['auto', 'automatic'],
          ['webgpu', 'WebGPU'],
          ['wasm', 'WebAssembly'],
        ]}
        onChange={(backend) => change((was) => ({ ...was, backend }))}
      />
      <TextField
        label="Layers (0 is the embedding layer)"
        value={layers === null ? 'all' : layers.join(' ')}
        check={checkLayers}
        onChange={(text) =>
          changeLayerwise({
            layers:
              text.trim() === 'all'
                ? null
                : [
                    ...new Set(
                      text
                        .trim()
                        .split(/[\s,]+/)
                        .map(Number),
                    ),
                  ].sort((a, b) => a - b),
          })
        }
      />
      <NumberField
        label="Tokens per row, at most"
        value={spec.maxLength}
        min={4}
        max={8192}
        onChange={(maxLength) => maxLength !== null && change((was) => ({ ...was, maxLength }))}
      />
      <SelectField
        label="Ties are ranked by"
        value={spec.ties}
        options={[
          ['document-order', 'place in the corpus'],
          ['id-ascending', 'id, ascending (sentence-transformers)'],
          ['id-descending', 'id, descending (trec_eval)'],
        ]}
        onChange={(ties) => change((was) => ({ ...was, ties }))}
      />
      <NumberField
        label="Documents kept per query"
        value={topK}
        min={10}
        max={1000}
        onChange={(kept) => kept !== null && changeLayerwise({ topK: kept })}
      />
      <NumberField
        label="Bootstrap samples"
        value={bootstrapSamples}
        min={0}
        max={100_000}
        onChange={(samples) => samples !== null && changeLayerwise({ bootstrapSamples: samples })}
      />
      <NumberField
        label="Seed"
        value={spec.seed}
        min={0}
        max={0xffffffff}
        onChange={(seed) => seed !== null && change((was) => ({ ...was, seed }))}
      />
    </details>
  );
}
