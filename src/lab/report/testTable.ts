import type { Table } from '../formats/table.ts';
import { systemLabel } from '../spec/systemLabel.ts';
import { stageLabels } from './comparisonTable.ts';
import { metricLabel } from './curves.ts';
import type { TestRow } from './report.ts';

/** Tests of one family of systems, the t-test and the randomisation test of a difference in one row. */
export function testTable(caption: string, tests: readonly TestRow[]): Table {
  const rows = tests.flatMap((test) => {
    const { of } = test;
    if (test.kind !== 'paired-t' || !of) return [];
    const toss = tests.find(
      ({ kind, of: other }) =>
        kind === 'randomisation' &&
        other?.system === of.system &&
        other.stage === of.stage &&
        other.metric === of.metric &&
        other.dataset === of.dataset,
    );
    return [
      [
        `${metricLabel(of.metric)}, ${stageLabels[of.stage].toLowerCase()}`,
        `${systemLabel(of.system)} − ${systemLabel(of.against)}`,
        test.n,
        test.meanDifference,
        of.interval?.[0] ?? null,
        of.interval?.[1] ?? null,
        test.statistic,
        test.pValue,
        of.corrected,
        toss?.pValue ?? null,
        toss?.of?.corrected ?? null,
      ],
    ];
  });
  return {
    caption,
    columns: [
      'measure',
      'difference',
      'n',
      'mean',
      '95 % from',
      '95 % to',
      't',
      'p',
      'p, Holm',
      'p, randomisation',
      'p, randomisation, Holm',
    ],
    rows,
  };
}
