import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentFrequency } from '../../../src/lab/embed/documentFrequency.ts';
import { openTokenFigures } from '../../../src/lab/explore/openTokenFigures.ts';
import { measures, tokenFigures } from '../../../src/lab/explore/tokenFigures.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { diskModel } from '../../support/modelFiles.ts';

interface Reference {
  readonly tokens: number;
  readonly norm: number;
  readonly directions: readonly number[];
  readonly share: readonly number[];
}
/** By scikit-learn, NumPy and SciPy; see make_idf.py. */
const reference = JSON.parse(
  readFileSync(new URL('../../reference/explore/idf.json', import.meta.url), 'utf8'),
) as { readonly documents: number; readonly ce: Reference; readonly de: Reference };

const corpus = readFileSync(
  new URL('../../../public/datasets/perl-faq/corpus.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { _id: string; text: string });
const collection = {
  name: 'perl-faq',
  title: 'Perl FAQ',
  source: 'bundled:perl-faq',
  split: 'test',
  queries: { ids: [], texts: [] },
  corpus: { ids: corpus.map(({ _id }) => _id), texts: corpus.map(({ text }) => text) },
  qrels: [],
};

test('correlations of the bundled pair are those of SciPy', async () => {
  const spec = parseSpec({
    models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
    datasets: [{ source: 'bundled:perl-faq' }],
  });
  const stages: string[] = [];
  const figures = await openTokenFigures(
    spec,
    {
      loadCollection: () => Promise.resolve(collection),
      openFiles: (source) => Promise.resolve(diskModel(`public/models/${source.slice('bundled:'.length)}`)),
      adapter: () => Promise.reject(new Error('The files have safetensors; no device is asked for.')),
    },
    (stage) => stages.push(stage),
    new AbortController().signal,
  );
  expect(figures.documents).toBe(reference.documents);
  for (const kind of ['ce', 'de'] as const) {
    const { correlations, shares, tokens, counts, idf, values, file } = figures[kind];
    const expected = reference[kind];
    expect(file).toBe(`test:public/models/mini-${kind}/model.safetensors`);
    expect(tokens).toHaveLength(expected.tokens);
    expect(correlations.norm.rho).toBeCloseTo(expected.norm, 6);
    for (const [d, rho] of expected.directions.entries()) {
      expect(correlations[measures[d + 1]!].rho).toBeCloseTo(rho, 5);
      expect(shares[d]).toBeCloseTo(expected.share[d]!, 6);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(idf).toEqual(idf.toSorted((a, b) => a - b));
    for (const measure of measures) expect(values[measure]).toHaveLength(tokens.length);
  }
  expect(stages[0]).toBe('Reading the collection');
});

test('special tokens and those of no document are left out; norms are by hand', () => {
  const figures = tokenFigures({
    model: 'ce',
    file: 'made',
    matrix: { rows: 4, columns: 2, data: Float32Array.from([9, 9, 3, 4, 0, 1, 5, 12]), file: 'made' },
    frequency: documentFrequency([
      [0, 1, 3],
      [0, 3],
    ]),
    specials: new Set([0]),
    nameOf: (token) => `t${token}`,
  });
  expect(figures.tokens).toEqual(['t3', 't1']);
  expect(figures.counts).toEqual([2, 1]);
  expect(figures.values.norm).toEqual([13, 5]);
  // ln(3 / 3) + 1 and ln(3 / 2) + 1.
  expect(figures.idf[1]).toBeCloseTo(1.4054651, 6);
  expect(figures.correlations.norm.rho).toBeCloseTo(-1, 12);
  expect(figures.correlations.norm.low).toBeNaN();
  expect(figures.shares[0]! + figures.shares[1]!).toBeCloseTo(1, 12);
});
