import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nanoBeir, nanoBeirRepository } from '../../../src/lab/data/hub/nanoBeir.ts';
import { bundledCollections, defaultSpec, furtherCollections } from '../../../src/lab/spec/defaults.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fromPermalink, toPermalink } from '../../../src/lab/spec/permalink.ts';
import { schemaText } from '../../../src/lab/spec/schema.ts';
import { specVersion } from '../../../src/lab/spec/upgrade.ts';
import { freshRandom } from '../../support/random.ts';

const least = {
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'hub:owner/name@main' } },
  datasets: [{ source: 'local:stsb/train.csv' }],
};

test('every field but models and datasets has a default', () => {
  expect(parseSpec(least)).toMatchObject({
    seed: 1,
    pooling: { segments: 'both', cls: false },
    ties: 'document-order',
    datasets: [{ split: 'test', queries: null, documents: null }],
    train: [],
    keep: [],
  });
});

test('layers are sorted and named once', () => {
  expect(parseSpec({ ...least, layerwise: { layers: [3, 0, 3] } }).layerwise.layers).toEqual([0, 3]);
});

test.each([
  [{ ...least, seed: 1.5 }, 'field "seed"'],
  [{ ...least, datasets: [] }, 'field "datasets"'],
  [{ ...least, datasets: [{ source: 'nowhere' }] }, 'field "datasets[0].source": must be bundled:NAME'],
  [{ ...least, pooling: { cls: 'yes' } }, 'field "pooling.cls"'],
  [{ ...least, pool: {} }, 'field "spec": has no field "pool"'],
  [{ datasets: least.datasets }, 'field "models"'],
  [{ ...least, train: [{ name: 'a' }, { name: 'a' }] }, 'field "train[1].name": "a" is the name of two runs'],
  [7, 'field "spec"'],
])('%j is refused by field', (value, words) => {
  expect(() => parseSpec(value)).toThrow(words);
});

test('a permalink brings any spec back', () => {
  const random = freshRandom();
  for (let round = 0; round < 50; round++) {
    const base = defaultSpec(random.int(1, 500), random.uniform() < 0.5 ? null : random.int(1, 5000));
    const spec = parseSpec({
      ...base,
      seed: random.int(0, 2 ** 30),
      datasets: base.datasets.slice(0, random.int(1, 4)),
      pooling: { segments: random.uniform() < 0.5 ? 'first' : 'both', cls: random.uniform() < 0.5 },
      layerwise: { layers: random.uniform() < 0.5 ? null : [0, random.int(1, 12)] },
      keep: random.uniform() < 0.5 ? [] : ['runs'],
    });
    expect(fromPermalink(toPermalink(spec))).toEqual(spec);
  }
  expect(toPermalink(defaultSpec())).toBe('{}');
});

test('a link with a name of a prototype changes nothing but what it names', () => {
  expect(() => fromPermalink('{"__proto__": {"seed": 2}, "constructor": 1}')).toThrow('field "spec"');
  expect(defaultSpec().seed).toBe(1);
});

test('the published JSON Schema is that of the code', () => {
  const published = readFileSync(new URL('../../../public/spec.schema.json', import.meta.url), 'utf8');
  // When this fails: npm run schema
  expect(published).toBe(schemaText());
});

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

test('the example and the stored report hold specs of today', () => {
  expect(parseSpec(read('examples/layers.json'))).toEqual(defaultSpec());
  const { spec } = read('public/stored/report.json') as { spec: object };
  expect({ ...spec, version: specVersion }).toEqual(defaultSpec());
});

test('the examples of evidence and of NanoBEIR name every collection there is', () => {
  const datasetsOf = (path: string) => parseSpec(read(path)).datasets;
  expect(datasetsOf('examples/evidence.json').map(({ source }) => source)).toEqual([
    ...bundledCollections,
    ...furtherCollections,
  ]);
  expect(datasetsOf('examples/nanobeir.json').map(({ source, split }) => [source, split])).toEqual(
    nanoBeir.map(({ name }) => [`hub:${nanoBeirRepository}`, name]),
  );
});
