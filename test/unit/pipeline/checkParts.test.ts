import { expect, test } from 'vitest';
import { shardRows } from '../../../src/lab/data/shard.ts';
import { checkParts, type NamedPart } from '../../../src/lab/pipeline/checkParts.ts';
import { type Part, readPart, writePart } from '../../../src/lab/pipeline/part.ts';
import type { Environment, ModelReport } from '../../../src/lab/report/report.ts';
import { specSchema } from '../../../src/lab/spec/spec.ts';

const documents = 5;
const queries = 2;
const k = 2;

const spec = specSchema.parse({
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
  datasets: [{ source: 'bundled:foldoc' }],
});

const model: ModelReport = {
  source: 'bundled:mini-ce',
  sha256: 'c0ffee',
  file: 'model.onnx',
  architecture: 'bert',
  layers: 1,
  hiddenSize: 4,
  backend: 'cpu',
  why: 'chosen',
  threads: 1,
  work: { texts: 1, tokens: 2, paddedTokens: 3, characters: 4, seconds: 5 },
};

const environment: Environment = {
  version: '1.0.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  startSeconds: 1,
  seconds: 2,
  userAgent: 'a test',
  adapter: null,
  hardwareConcurrency: 1,
  crossOriginIsolated: true,
  versions: { node: '22.0.0' },
  models: { ce: model },
  datasets: [
    {
      name: 'foldoc',
      title: 'FOLDOC',
      source: 'bundled:foldoc',
      queries,
      documents,
      totalQueries: queries,
      totalDocuments: documents,
      sha256: 'feed',
    },
  ],
  search: 'plain TypeScript',
};

const counts = {
  model: 'ce',
  texts: 4,
  truncated: { texts: 0, tokensRead: 0, tokens: 0, places: [] },
  counts: [],
};

function part(index: number, change: Partial<Part> = {}, file = `${index}.part`): NamedPart {
  const shard = change.shard ?? { index, count: 3 };
  const [from, to] = shardRows(documents, shard);
  const ranking = {
    documents: Int32Array.of(from, to - 1 > from ? to - 1 : -1, from, -1),
    scores: Float32Array.of(0.5, 0.25, 0.125, Number.NEGATIVE_INFINITY),
  };
  return {
    shard,
    spec,
    environment,
    found: [
      {
        dataset: 'foldoc',
        model: 'ce',
        layers: [0, 1],
        rows: [from, to],
        queries,
        k,
        counts,
        queryCounts: counts,
      },
    ],
    slices: [],
    rankings: [[ranking, ranking]],
    ...change,
    file,
  };
}

const noQueries = { ids: [], texts: [] };

const machine = (change: Partial<Environment>): Partial<Part> => ({
  environment: { ...environment, ...change },
});

test('all shards together have each document once', () => {
  for (const count of [1, 2, 3, 5, 7]) {
    const rows = Array.from({ length: count }, (_, index) => shardRows(documents, { index, count }));
    expect(rows[0]![0]).toBe(0);
    expect(rows.at(-1)![1]).toBe(documents);
    for (const [index, [from]] of rows.slice(1).entries()) expect(from).toBe(rows[index]![1]);
  }
});

test('the lists of a slice are of its own rows, and no longer than it', () => {
  const sliced = (documents: number, row: number): Partial<Part> => {
    const k = Math.min(2, documents);
    const lists = { documents: new Int32Array(queries * k).fill(row), scores: new Float32Array(queries * k) };
    return {
      spec: { ...spec, layerwise: { ...spec.layerwise, topK: 2 } },
      slices: [{ dataset: 'foldoc', documents, sha256: '', queries: noQueries }],
      found: part(0).found.map((found) => ({ ...found, k, rows: [0, documents] })),
      rankings: [[lists, lists]],
    };
  };
  const parts = [part(0, sliced(1, 0)), part(1, sliced(3, 2)), part(2, sliced(1, 0))];
  expect(checkParts(parts)).toEqual(parts);
  expect(() => checkParts([...parts.slice(0, 2), part(2, sliced(1, 1))])).toThrow(/^2\.part: lacks lists/);
});

test('parts of one run come back in order', () => {
  const inOrder = checkParts([part(2), part(0), part(1)]);
  expect(inOrder.map(({ shard }) => shard.index)).toEqual([0, 1, 2]);
});

test.each<[string, readonly NamedPart[], RegExp]>([
  ['no part', [], /^merge needs the parts of a run/],
  ['a part that is missing', [part(0), part(2)], /^Part 1 of 3 is missing; run it with --shard 1\/3\.$/],
  ['parts that are missing', [part(1)], /^Parts 0, 2 of 3 are missing; run each with --shard I\/3\.$/],
  ['a part named twice', [part(0), part(0, {}, 'again.part')], /^again\.part: is part 0 of 3, as is 0\.part/],
  [
    'a part of another division',
    [part(0), part(1, { shard: { index: 1, count: 4 } })],
    /^1\.part: is part 1 of 4, but 0\.part is part 0 of 3/,
  ],
  [
    'a part that there cannot be',
    [part(0), part(3, { shard: { index: 3, count: 3 } })],
    /^3\.part: is part 3 of 3, which/,
  ],
  [
    'another spec',
    [part(0), part(1, { spec: { ...spec, seed: 2 } })],
    /^1\.part: is of another spec than 0\.part/,
  ],
  [
    'another version of the lab',
    [part(0), part(1, machine({ version: '2.0.0' }))],
    /version 2\.0\.0 of the lab/,
  ],
  [
    'another version of the runtime',
    [part(0), part(1, machine({ versions: { node: '20.0.0' } }))],
    /other versions of the runtime than 0\.part/,
  ],
  [
    'other weights',
    [part(0), part(1, machine({ models: { ce: { ...model, sha256: 'bad' } } }))],
    /other weights of the CE than 0\.part/,
  ],
  [
    'another backend',
    [part(0), part(1, machine({ models: { ce: { ...model, backend: 'webgpu' } } }))],
    /ran the CE on another backend than 0\.part/,
  ],
  [
    'another collection',
    [part(0), part(1, machine({ datasets: [{ ...environment.datasets[0]!, sha256: 'other' }] }))],
    /^1\.part: searched another content of foldoc than 0\.part/,
  ],
  [
    'lists of documents of another part',
    [part(0), part(1, { rankings: part(2).rankings }), part(2)],
    /^1\.part: lacks lists of foldoc, or has those of another part/,
  ],
  [
    'a part of which only some read the collection in parts',
    [
      part(0),
      part(1, { slices: [{ dataset: 'foldoc', documents: 2, sha256: '', queries: noQueries }] }),
      part(2),
    ],
    /^1\.part: lacks lists of foldoc/,
  ],
])('%s is refused in one sentence', (_, parts, sentence) => {
  expect(() => checkParts(parts)).toThrow(sentence);
});

test('a part is read as it was written', () => {
  const { file, ...given } = part(1);
  const bytes = writePart(given);
  // As a page has it, and as Node reads it from the disk.
  for (const whole of [bytes, Buffer.from(bytes)]) expect(readPart(whole, file)).toEqual(given);
});

test.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
  ['cut off', (bytes) => bytes.subarray(0, -1), /^a: is damaged; run this part again\.$/],
  ['changed', (bytes) => bytes.with(-1, bytes.at(-1)! ^ 1), /^a: is damaged/],
  ['another file', () => new TextEncoder().encode('{"version": 1}\n'), /^a: is no part/],
  ['empty', () => new Uint8Array(0), /^a: is no part/],
  [
    'a part of a comparison',
    (bytes) =>
      new TextEncoder().encode(
        new TextDecoder().decode(bytes).replace('layerlab part', 'layerlab rerank part'),
      ),
    /^a: is no part/,
  ],
  [
    'of a version to come',
    (bytes) =>
      new TextEncoder().encode(new TextDecoder().decode(bytes).replace('"version":2,', '"version":3,')),
    /^a: is a part of version 3, and this lab reads 2/,
  ],
])('a part that is %s is refused in one sentence', (_, change, sentence) => {
  expect(() => readPart(change(writePart(part(0))), 'a')).toThrow(sentence);
});
