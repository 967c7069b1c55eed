import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { type SpeedPoint, SpeedScatter } from '../../components/chart/SpeedScatter.tsx';
import { type Curve, StepChart, StepLegend } from '../../components/chart/StepChart.tsx';
import { BarLegend, barEntries, SystemBars } from '../../components/chart/SystemBars.tsx';
import { datasetsIn, meanOf, stages, systemsIn, valueAt } from '../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../lab/report/curves.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import type { DrawnComparison } from '../../state/comparison.ts';

interface QualityChartsProps {
  readonly comparison: DrawnComparison;
  readonly metric: string;
}

/** Means over collections by system and stage, by reranking depth and time, and by speed. */
export function QualityCharts({ comparison, metric }: QualityChartsProps) {
  const rows = comparison.comparison;
  const datasets = datasetsIn(rows);
  const systems = systemsIn(rows);
  const name = metricLabel(metric);
  const bars = systems.map((system) => ({
    system: systemLabel(system),
    values: stages.map((stage) =>
      meanOf(datasets.map((dataset) => valueAt(rows, dataset, { stage, metric, system }))),
    ),
  }));
  const points = systems.flatMap((system, index): SpeedPoint[] => {
    const speeds = datasets.map(
      (dataset) =>
        comparison.speed.find((row) => row.dataset === dataset && row.system === system)?.textsPerSecond ??
        null,
    );
    const speed = meanOf(speeds);
    const value = bars[index]?.values[0] ?? null;
    return speed === null || value === null ? [] : [{ system: systemLabel(system), speed, value }];
  });
  const byDepth = depthCurves(comparison, metric, ({ depth }) => depth);
  const byTime = depthCurves(comparison, metric, ({ seconds }) => seconds);
  const timed = byTime.some(({ points: curve }) => curve.some(({ step }) => step > 0));
  return (
    <>
      <Figure
        title={`${name} by system`}
        entries={barEntries}
        legend={<BarLegend />}
        caption="Means over the collections, each counted alike."
      >
        <PanelFrame title={`${name}, mean`} note="before and after reranking">
          <SystemBars title={`${name} by system`} bars={bars} />
        </PanelFrame>
        {points.length > 1 ? (
          <PanelFrame
            title={`${name} against speed`}
            note="retrieve; further right is faster, higher is better"
          >
            <SpeedScatter title={`${name} against speed`} metric={name} points={points} />
          </PanelFrame>
        ) : null}
      </Figure>
      {byDepth.length > 0 ? (
        <Figure
          title={`${name} by documents reranked`}
          series={byDepth.map((curve) => curve.name)}
          legend={<StepLegend names={byDepth.map((curve) => curve.name)} />}
          caption="The first documents of each list are in the CE’s order, the rest as retrieved. Time: what the CE needs for the pairs of that system alone, at the pace measured in this run."
        >
          <PanelFrame title="By depth" note="documents reranked per query">
            <StepChart title={`${name} by depth`} curves={byDepth} along="documents" />
          </PanelFrame>
          {timed ? (
            <PanelFrame title="By time" note="reranking seconds per collection">
              <StepChart title={`${name} by time`} curves={byTime} along="seconds" />
            </PanelFrame>
          ) : null}
        </Figure>
      ) : null}
    </>
  );
}

/** The mean over collections at each depth, placed along the bottom by `along`, a mean too. */
function depthCurves(
  { depths, comparison }: DrawnComparison,
  metric: string,
  along: (row: DrawnComparison['depths'][number]) => number,
): Curve[] {
  const systems = systemsIn(comparison).filter((system) => depths.some((row) => row.system === system));
  return systems.map((system) => {
    const own = depths.filter((row) => row.system === system);
    const points = [...new Set(own.map(({ depth }) => depth))].flatMap((depth) => {
      const at = own.filter((row) => row.depth === depth);
      const value = meanOf(at.map((row) => row.metrics[metric] ?? null));
      const step = meanOf(at.map(along));
      return value === null || step === null ? [] : [{ step: Number(step.toPrecision(4)), value }];
    });
    return { name: systemLabel(system), points };
  });
}
