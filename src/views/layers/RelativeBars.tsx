import { Figure } from '../../components/chart/Figure.tsx';
import { Legend } from '../../components/chart/Legend.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { RelativeChart } from '../../components/chart/RelativeChart.tsx';
import { highest } from '../../components/chart/rows.ts';
import { averagePanel, metricLabel, panelsOf, relativeToFinal } from '../../lab/report/curves.ts';
import type { LayerFigures } from '../../state/layerResult.ts';
import { panelTitle } from './Curves.tsx';

const reference = 'DE, final layer = 100 %';

/** Each layer as a share of what the whole DE reaches. */
export function RelativeBars({ result, metric }: { readonly result: LayerFigures; readonly metric: string }) {
  const panels = panelsOf(result.rows, metric);
  const all = (panels.length > 1 ? [averagePanel(panels), ...panels] : panels)
    .map(relativeToFinal)
    .filter(({ curves }) => curves.length > 0);
  if (all.length === 0) return null;
  const top = highest(all, false);
  const name = metricLabel(metric);
  return (
    <Figure
      title={`${name} relative to the DE’s final layer`}
      reference={reference}
      legend={<Legend reference={reference} bands={false} />}
      caption="As the paper’s Figures 4 and 5, computed from this result. The average’s bars are ratios of averages."
    >
      {all.map((panel) => {
        const title = panelTitle(panel, result, panels.length);
        return (
          <PanelFrame key={panel.dataset ?? ''} title={title} note={`${panel.queries} queries`}>
            <RelativeChart panel={panel} title={title} metric={name} top={top} />
          </PanelFrame>
        );
      })}
    </Figure>
  );
}
