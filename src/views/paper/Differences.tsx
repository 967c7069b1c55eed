import { DifferenceBars } from '../../components/chart/DifferenceBars.tsx';
import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { roundScale } from '../../components/chart/scale.ts';
import { PaperMark } from '../../components/PaperMark.tsx';
import { paperColumn, paperMetrics, reported } from '../../lab/paper/reported.ts';
import { metricLabel } from '../../lab/report/curves.ts';

const legend = [
  { name: 'DE-2 CE minus the baseline', colour: 'var(--ce)', dash: undefined },
  { name: '1 point below', colour: 'var(--mark)', dash: '2 3' },
] as const;

/** In points, a hundredth each; rounded, since the table has two decimals. */
function differences(metric: (typeof paperMetrics)[number]) {
  const infused = paperColumn('retrieve+rerank', metric, 'de-2-ce');
  const baseline = paperColumn('retrieve+rerank', metric, 'baseline');
  return reported.table1.map(({ dataset }, row) => ({
    name: dataset,
    value: Math.round(100 * ((infused[row] ?? 0) - (baseline[row] ?? 0))),
  }));
}

/** Where DE-2 CE stands below the baseline, what the claims are about. */
export function Differences() {
  const panels = paperMetrics.map((metric) => ({ metric, bars: differences(metric) }));
  const all = panels.flatMap(({ bars }) => bars.map(({ value }) => value));
  const scale = roundScale(all);
  return (
    <Figure
      title="DE-2 CE minus the baseline, both reranked"
      entries={legend}
      legend={
        <ul className="legend">
          {legend.map(({ name, colour, dash }) => (
            <li key={name}>
              <svg className="swatch" width="26" height="12" aria-hidden="true">
                <line
                  x1="0"
                  y1="6"
                  x2="26"
                  y2="6"
                  stroke={colour}
                  strokeWidth={dash ? 1.5 : 10}
                  strokeDasharray={dash}
                />
              </svg>{' '}
              {name}
            </li>
          ))}
        </ul>
      }
      caption={
        <>
          <PaperMark /> figures, in points of a hundredth. Each difference of two rounded figures may be off
          by up to a point either way.
        </>
      }
    >
      {panels.map(({ metric, bars }) => (
        <PanelFrame key={metric} title={metricLabel(metric)} note={`${bars.length} datasets`}>
          <DifferenceBars
            title={`${metricLabel(metric)}: DE-2 CE minus the baseline, both reranked`}
            label="points"
            format={(value) => `${value.toFixed(0)} points`}
            nameWidth={165}
            bars={bars}
            scale={scale}
            line={-1}
          />
        </PanelFrame>
      ))}
    </Figure>
  );
}
