import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/lab/formats/npy.ts';
import { lab, reportIn, root, scratchFolder, written } from './support/commandLine.ts';

const scratch = scratchFolder();

const pair = { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } };

/** The stored report is of all four collections, and a unit test holds it to the same reference. */
const inFull = ['debian-packages', 'foldoc'];

test('bundled collections in full agree with the reference at every layer', () => {
  const out = join(scratch, 'full');
  const { datasets, ...rest } = JSON.parse(readFileSync(join(root, 'examples/layers.json'), 'utf8')) as {
    datasets: { source: string }[];
  };
  const spec = written(scratch, 'full.json', {
    ...rest,
    datasets: datasets.filter(({ source }) => inFull.includes(source.replace('bundled:', ''))),
  });
  const { status, stderr } = lab('run', spec, '--out', out, '--no-cache');
  expect(stderr).toMatch(/\d+ % {2}.* texts\/s.* left/);
  expect(status, stderr.slice(-2000)).toBe(0);
  const { collections } = JSON.parse(readFileSync(join(root, 'test/reference/collections.json'), 'utf8')) as {
    collections: Record<string, Record<string, { layer: number; 'hits@10': number; 'mrr@10': number }[]>>;
  };
  const { layerwise } = reportIn(out);
  let compared = 0;
  for (const dataset of inFull) {
    const models = collections[dataset]!;
    for (const name of ['mini-ce', 'mini-de']) {
      for (const expected of models[name]!) {
        const row = layerwise.find(
          (one) => one.dataset === dataset && `mini-${one.model}` === name && one.layer === expected.layer,
        );
        expect(row, `${dataset} ${name} ${expected.layer}`).toBeDefined();
        expect(Math.abs(row!.metrics['hits@10']! - expected['hits@10'])).toBeLessThanOrEqual(0.004);
        expect(Math.abs(row!.metrics['mrr@10']! - expected['mrr@10'])).toBeLessThanOrEqual(0.003);
        compared++;
      }
    }
  }
  expect(compared).toBe(28);
});

test('local collections and models, with embeddings and runs kept', () => {
  const data = join(scratch, 'data');
  spawnSync('cp', ['-r', join(root, 'public/datasets'), data]);
  writeFileSync(
    join(data, 'pairs.csv'),
    'query,positive\nwhat is a cat,an animal\nwhat is a ship,a vessel\n',
  );
  const spec = written(scratch, 'small.json', {
    models: { ce: { source: 'local:mini-ce' }, de: { source: 'bundled:mini-de' } },
    datasets: [{ source: 'local:foldoc', queries: 9, documents: 25 }, { source: 'local:pairs.csv' }],
    layerwise: { layers: [0, 1] },
    keep: ['embeddings', 'runs'],
  });
  const out = join(scratch, 'small');
  const { status, stderr } = lab(
    'run',
    spec,
    '--out',
    out,
    '--models',
    join(root, 'public/models'),
    '--data',
    data,
    '--no-cache',
  );
  expect(status, stderr).toBe(0);
  const report = reportIn(out);
  expect(report.environment.models.ce!.source).toBe('local:mini-ce');
  expect(report.layerwise).toHaveLength(8);
  const { shape } = readNpy(readFileSync(join(out, 'embeddings/foldoc/ce/layer-1.corpus.npy')), 'layer-1');
  expect(shape).toEqual([25, 128]);
  expect(readdirSync(join(out, 'embeddings/pairs/de')).sort()).toEqual([
    'layer-0.corpus.npy',
    'layer-0.queries.npy',
    'layer-1.corpus.npy',
    'layer-1.queries.npy',
  ]);
  const run = readFileSync(join(out, 'runs/foldoc/de-layer-1.retrieve.trec'), 'utf8').trimEnd().split('\n');
  expect(run).toHaveLength(9 * 25);
  expect(run[0]).toMatch(/^\S+ Q0 \S+ 1 -?\d\S* \S+$/);
  expect(existsSync(join(out, 'qrels/foldoc.trec'))).toBe(true);

  // What the same sample is searched for by the code of the page Explore, against the exported embeddings.
  const ids = idsIn(join(data, 'foldoc/corpus.jsonl'));
  for (const runtime of ['browser', 'node']) {
    const asked = ['--all-queries', '--depth', '25', '--runtime', runtime, '--no-cache'];
    const folders = ['--models', join(root, 'public/models'), '--data', data];
    const found = lab('neighbours', spec, ...asked, ...folders);
    expect(found.status, found.stderr).toBe(0);
    const lines = found.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as NeighboursLine);
    const rows = ids.filter((id) => lines[0]!.hits.some((hit) => hit.id === id));
    expect(rows).toHaveLength(25);
    const queries = [...new Set(lines.map(({ query }) => query.id))];
    for (const { model, layer, query, hits } of lines) {
      if (layer !== 0 && layer !== 1) continue;
      const folder = join(out, 'embeddings/foldoc', model);
      const documents = vectorsIn(join(folder, `layer-${layer}.corpus.npy`));
      const asking = vectorsIn(join(folder, `layer-${layer}.queries.npy`))[queries.indexOf(query.id)]!;
      const scores = documents.map((vector) => cosine(vector, asking));
      const ranked = [...scores].sort((a, b) => b - a);
      for (const [at, { id, score, rank }] of hits.entries()) {
        expect(rank).toBe(at + 1);
        expect(Math.abs(score - scores[rows.indexOf(id)]!)).toBeLessThan(1e-5);
        expect(Math.abs(score - ranked[at]!)).toBeLessThan(1e-5);
      }
    }
    expect(lines.filter(({ layer }) => layer === 0 || layer === 1)).toHaveLength(9 * 2 * 2);
  }
});

/** A line of `neighbours`, as a reader outside takes it. */
interface NeighboursLine {
  readonly query: { readonly id: string };
  readonly model: string;
  readonly layer: number | null;
  readonly hits: readonly { readonly id: string; readonly score: number; readonly rank: number }[];
}

function idsIn(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { _id: string })._id);
}

/** Rows of a .npy file of version 1: six bytes of magic, two of version, two of the header's length, float32. */
function vectorsIn(file: string): Float32Array[] {
  const bytes = readFileSync(file);
  const begin = 10 + bytes.readUInt16LE(8);
  const columns = Number(/'shape': \(\d+, (\d+)\)/.exec(bytes.toString('latin1', 10, begin))![1]);
  const values = new Float32Array(Uint8Array.from(bytes.subarray(begin)).buffer);
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test.each([
  ['no such file', () => ['run', 'nowhere.json', '--out', scratch], /nowhere\.json: there is no such file/],
  ['no JSON', () => ['run', written(scratch, 'a.json', '{'), '--out', scratch], /a\.json: is not JSON/],
  [
    'a wrong field',
    () => ['run', written(scratch, 'b.json', { models: pair, datasets: [], sed: 1 }), '--out', scratch],
    /b\.json: field "/,
  ],
  ['no --out', () => ['run', 'examples/layers.json'], /run needs --out DIR/],
  ['an unknown command', () => ['walk'], /There is no command "walk"/],
  [
    'a collection that is not there',
    () => [
      'run',
      written(scratch, 'c.json', { models: pair, datasets: [{ source: 'bundled:none' }] }),
      '--out',
      join(scratch, 'c'),
      '--no-cache',
    ],
    /bundled:none\/\S+: is not there/,
  ],
])('%s ends in one clear line and a non-zero status', (_, args, line) => {
  const { status, stderr } = lab(...args());
  expect(status).not.toBe(0);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(line);
});
