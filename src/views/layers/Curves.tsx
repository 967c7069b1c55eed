import { Figure } from '../../components/chart/Figure.tsx';
import { LayerChart } from '../../components/chart/LayerChart.tsx';
import { Legend } from '../../components/chart/Legend.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { highest } from '../../components/chart/rows.ts';
import { averagePanel, metricLabel, type Panel, panelsOf } from '../../lab/report/curves.ts';
import type { LayerFigures } from '../../state/layerResult.ts';
import { useView } from '../../state/view.ts';

const reference = 'DE, final layer';

interface CurvesProps {
  readonly result: LayerFigures;
  readonly metric: string;
  /** The address of these curves alone, for another page. */
  readonly embed?: string | null;
}

/** A metric by layer, one panel a collection and their average. */
export function Curves({ result, metric, embed }: CurvesProps) {
  const bands = useView((state) => state.bands);
  const layer = useView((state) => state.layer);
  const panels = panelsOf(result.rows, metric);
  const all = panels.length > 1 ? [averagePanel(panels), ...panels] : panels;
  const top = highest(all, bands);
  const name = metricLabel(metric);
  return (
    <Figure
      title={`${name} by layer`}
      embed={embed}
      reference={reference}
      legend={<Legend reference={reference} bands={bands} />}
      caption="Each layer’s pooled hidden states search on their own, by cosine similarity. emb is the embedding layer."
    >
      {all
        .filter(({ curves }) => curves.length > 0)
        .map((panel) => {
          const title = panelTitle(panel, result, panels.length);
          return (
            <PanelFrame key={panel.dataset ?? ''} title={title} note={note(panel, result)}>
              <LayerChart panel={panel} title={title} metric={name} top={top} bands={bands} layer={layer} />
            </PanelFrame>
          );
        })}
    </Figure>
  );
}

export function panelTitle(panel: Panel, result: LayerFigures, collections: number): string {
  return panel.dataset === null ? `Average of ${collections} collections` : result.titleOf(panel.dataset);
}

/** Extent of a panel, and how far a growing curve is. */
function note({ dataset, queries, documents }: Panel, { seen }: LayerFigures): string {
  const growing = (['ce', 'de'] as const).flatMap((model) => {
    const share = dataset === null ? undefined : seen.get(`${dataset} ${model}`);
    return share !== undefined && share < 1
      ? [`${model.toUpperCase()} over ${Math.floor(100 * share)} % of the documents so far`]
      : [];
  });
  return [`${queries} queries, ${documents} documents`, ...growing].join(', ');
}
