import { modelKinds, series } from '../../components/chart/series.ts';
import {
  averagePanel,
  type CurvePoint,
  finalOfDe,
  layerLabel,
  metricLabel,
  panelsOf,
} from '../../lab/report/curves.ts';
import type { LayerFigures } from '../../state/layerResult.ts';
import { useView } from '../../state/view.ts';

/** Both models as stacks of layers to pick from; the picked one is marked in every chart. */
export function LayerStack({ result, metric }: { readonly result: LayerFigures; readonly metric: string }) {
  const { layer, setLayer } = useView();
  const average = averagePanel(panelsOf(result.rows, metric));
  const final = finalOfDe(average);
  const best = Math.max(...average.curves.flatMap(({ points }) => points.map(({ value }) => value)));
  if (average.curves.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="stack-title">
      <h3 id="stack-title">Pick a layer</h3>
      <div className="stack-models">
        {modelKinds.map((model) => {
          const points = average.curves.find((curve) => curve.model === model)?.points ?? [];
          return (
            <div key={model} className={`stack-model ${model}`}>
              <p className="stack-input">{model === 'ce' ? '[CLS] s [SEP] s [SEP]' : '[CLS] s [SEP]'}</p>
              <div className="stack-layers">
                {points.map((point) => (
                  <button
                    key={point.layer}
                    type="button"
                    aria-pressed={layer === point.layer}
                    onClick={() => setLayer(layer === point.layer ? null : point.layer)}
                  >
                    <span
                      className="stack-bar"
                      style={{ width: `${best > 0 ? (100 * point.value) / best : 0}%` }}
                    />
                    <span className="stack-label">
                      <span className="visually-hidden">{series[model].name}, layer </span>
                      {layerLabel(point.layer)}
                    </span>
                    <span className="stack-value">{point.value.toFixed(2)}</span>
                  </button>
                ))}
              </div>
              <p className="stack-name">{series[model].name}</p>
            </div>
          );
        })}
      </div>
      <p role="status">{sentence(average.curves, layer, final, metricLabel(metric))}</p>
    </section>
  );
}

function sentence(
  curves: readonly { readonly model: 'ce' | 'de'; readonly points: readonly CurvePoint[] }[],
  layer: number | null,
  final: number | null,
  metric: string,
): string {
  const at = layer ?? 0;
  const name = at === 0 ? 'embedding layer' : `layer ${at}`;
  const parts = curves.flatMap(({ model, points }) => {
    const value = points.find((point) => point.layer === at)?.value;
    if (value === undefined) return [];
    const share = final ? ` (${((100 * value) / final).toFixed(0)} % of the whole DE)` : '';
    return [`the ${model.toUpperCase()}’s ${name} reaches ${metric} ${value.toFixed(3)}${share}`];
  });
  if (parts.length === 0) return 'No model here has that layer.';
  const text = parts.join(', ');
  return `On average ${text}.`;
}
