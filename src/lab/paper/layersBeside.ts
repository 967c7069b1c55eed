import type { Table } from '../formats/table.ts';
import { finalOfDe, type Panel, panelsOf } from '../report/curves.ts';
import type { LayerwiseRow } from '../report/report.ts';
import { pairedTTest } from '../stats/ttest.ts';
import { pInWords } from './claim.ts';
import type { PaperPair } from './identity.ts';
import { reported } from './reported.ts';

const metric = 'hits@10';

interface Collected {
  /** Hits@10 of the embedding layers, and of the DE's last layer. */
  readonly ce: number;
  readonly de: number;
  readonly final: number;
}

function collected(rows: readonly LayerwiseRow[]): Collected[] {
  const embedding = ({ curves }: Panel, model: 'ce' | 'de'): number | undefined =>
    curves.find((curve) => curve.model === model)?.points.find(({ layer }) => layer === 0)?.value;
  return panelsOf(rows, metric).flatMap((panel) => {
    const [ce, de, final] = [embedding(panel, 'ce'), embedding(panel, 'de'), finalOfDe(panel)];
    return ce === undefined || de === undefined || final === null ? [] : [{ ce, de, final }];
  });
}

/**
 * What section 4.3 says of the embedding layers, computed from our curves, beside the paper's words. "Worse by 29.5 %"
 * is read both ways: as a share of the CE's figure and in points.
 */
export function layersBeside(rows: readonly LayerwiseRow[], pair: PaperPair): Table | null {
  const found = collected(rows);
  if (found.length === 0) return null;
  const { 'msmarco-minilm': minilm, mxbai } = reported.claims.layerwise;
  const said =
    pair === 'minilm'
      ? {
          share: 0.8,
          worse: minilm.embedding_layer_de_worse_than_ce_percent_mean,
          p: minilm.p_below,
          enough: minilm.ce_embedding_layer_at_least_80_percent_of_final_de,
          little: minilm.ce_embedding_layer_under_30_percent_of_final_de,
        }
      : {
          share: 0.79,
          worse: mxbai.embedding_layer_de_worse_than_ce_percent_mean,
          p: mxbai.p_below,
          enough: mxbai.ce_at_least_79_percent_of_final_de,
          little: mxbai.ce_under_30_percent_of_final_de,
        };
  const n = found.length;
  const mean = (of: (one: Collected) => number): number => found.reduce((sum, one) => sum + of(one), 0) / n;
  const count = (holds: (one: Collected) => boolean): string => `${found.filter(holds).length} of ${n}`;
  const test = pairedTTest(
    found.map(({ de }) => de),
    found.map(({ ce }) => ce),
  );
  // A CE that finds nothing has no share.
  const relative = found.every(({ ce }) => ce > 0) ? 100 * mean(({ ce, de }) => 1 - de / ce) : null;
  return {
    caption: 'Embedding layers, ours beside the paper’s',
    columns: ['Hits@10 of the embedding layers', 'ours', 'the paper’s'],
    rows: [
      [
        'DE worse than the CE, mean share of the CE’s',
        relative === null ? 'not defined' : `${relative.toFixed(1)} %`,
        `${said.worse} %`,
      ],
      ['the same in points', `${(100 * mean(({ ce, de }) => ce - de)).toFixed(1)} points`, `${said.worse} %`],
      [
        'paired two-tailed t-test, DE minus CE',
        test.pValue === null ? 'not defined' : `p = ${pInWords(test.pValue)}, n = ${n}`,
        `p < ${said.p}, n = 10`,
      ],
      [
        `CE reaches ${(100 * said.share).toFixed(0)} % of the DE’s final layer`,
        count(({ ce, final }) => ce >= said.share * final),
        said.enough,
      ],
      ['CE is under 30 % of the DE’s final layer', count(({ ce, final }) => ce < 0.3 * final), said.little],
    ],
  };
}
