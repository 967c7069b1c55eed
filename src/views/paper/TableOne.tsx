import { PaperMark } from '../../components/PaperMark.tsx';
import {
  paperMetrics,
  paperSystems,
  paperValue,
  reported,
  stageTitles,
  systemTitles,
} from '../../lab/paper/reported.ts';
import { metricLabel } from '../../lab/report/curves.ts';
import type { Stage } from '../../lab/report/report.ts';

/** Columns of Table 1 in the paper's order: stage, then metric, then system. */
const groups = (['retrieve', 'retrieve+rerank'] as const).map((stage: Stage) => ({
  stage,
  systems: stage === 'retrieve' ? paperSystems : paperSystems.filter((system) => system !== 'de-2-rand'),
}));
const columns = groups.flatMap(({ stage, systems }) =>
  paperMetrics.flatMap((metric) => systems.map((system) => ({ stage, metric, system }))),
);

/** The paper's Table 1, figure by figure. */
export function TableOne() {
  return (
    <section className="data-table" aria-labelledby="table-one">
      <div className="figure-head">
        <h3 id="table-one">
          Table 1 <PaperMark />
        </h3>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus */}
      <section className="table-scroll" tabIndex={0} aria-label="The paper’s Table 1">
        <table className="table-one">
          <thead>
            <tr>
              <td rowSpan={2} />
              {groups.map(({ stage, systems }) => (
                <th key={stage} scope="colgroup" colSpan={systems.length * paperMetrics.length}>
                  {stageTitles[stage]}
                </th>
              ))}
              <td rowSpan={2} />
            </tr>
            <tr>
              {groups.flatMap(({ stage, systems }) =>
                paperMetrics.map((metric) => (
                  <th key={`${stage} ${metric}`} scope="colgroup" colSpan={systems.length}>
                    {metricLabel(metric)}
                  </th>
                )),
              )}
            </tr>
            <tr>
              <th scope="col">dataset</th>
              {columns.map(({ stage, metric, system }) => (
                <th key={`${stage} ${metric} ${system}`} scope="col">
                  {systemTitles[system]}
                </th>
              ))}
              <th scope="col">Speedup</th>
            </tr>
          </thead>
          <tbody>
            {reported.table1.map((row) => (
              <tr key={row.dataset}>
                <th scope="row">{row.dataset}</th>
                {columns.map(({ stage, metric, system }) => (
                  <td key={`${stage} ${metric} ${system}`} className="number">
                    {paperValue(row, stage, metric, system)?.toFixed(2)}
                  </td>
                ))}
                <td className="number">{row.speedup.toFixed(1)}×</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="quiet">
        As printed, to two decimals; nothing in it was measured here. Reranked are the first{' '}
        {reported.rerank_depth} documents, by the cross encoder. The paper prints no reranked DE-2 Rand.
      </p>
    </section>
  );
}
