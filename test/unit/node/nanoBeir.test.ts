import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nanoBeir, nanoBeirRepository } from '../../../src/lab/data/hub/nanoBeir.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { SpecInput } from '../../../src/lab/spec/spec.ts';
import { type NanoTexts, nanoBeirFiles, smallNano } from '../../support/hub/nanoBeir.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';
import { root, spawnLab } from '../../support/spawnLab.ts';
import { measureTrec } from '../../support/trecMeasures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-nano-'));
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ datasets: { [nanoBeirRepository]: nanoBeirFiles(unevenly) } });
});
afterAll(async () => {
  await hub.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Judged so that what shares the query's words is right for some collections, and for others is not. */
function unevenly(name: string): NanoTexts {
  const { qrels, ...texts } = smallNano(name);
  const shift = name.length % 7;
  return {
    ...texts,
    qrels: qrels.map(([query, document]) => [query, `d${(Number(document.slice(1)) + shift) % 12}`]),
  };
}

/** A figure of the card, to three decimals. */
function expectRounded(cell: string | undefined, value: number, where: string): void {
  expect(Math.abs(Number(cell) - value), where).toBeLessThan(0.000501);
}

/** Layers of the bundled models, the embedding layer among them. */
const layers = [0, 1, 2, 3, 4, 5, 6];
/** What MTEB's results have a folder for, and the run file of its lists. */
const systems = [
  ...['ce', 'de'].flatMap((model) =>
    layers.map((layer) => ({ folder: `${model}-layer-${layer}`, file: `${model}-layer-${layer}.retrieve` })),
  ),
  ...['baseline', 'bm25'].flatMap((system) => [
    { folder: system, file: `${system}.retrieve` },
    { folder: `${system}_reranked`, file: `${system}.retrieve+rerank` },
  ]),
];

interface TaskResult {
  readonly dataset_revision: string;
  readonly task_name: string;
  readonly scores: {
    readonly train: readonly { readonly main_score: number; readonly ndcg_at_10: number }[];
  };
}

test('NanoBEIR from the command line: layers and systems on all thirteen, for MTEB and for a model card', async () => {
  const example = JSON.parse(readFileSync(join(root, 'examples/nanobeir.json'), 'utf8')) as SpecInput;
  const pair = { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } };
  const spec = join(scratch, 'spec.json');
  writeFileSync(spec, JSON.stringify({ ...example, models: pair, keep: ['runs'] }));
  const out = join(scratch, 'out');
  const { status, stderr } = await spawnLab(
    ['run', spec, '--out', out, '--runtime', 'node', '--cache', join(scratch, 'cache')],
    { env: { HF_ENDPOINT: hub.url } },
  );
  expect(status, stderr.slice(-2000)).toBe(0);

  const { layerwise, environment } = readReport(
    readFileSync(join(out, 'report.json'), 'utf8'),
    'report.json',
  );
  expect(environment.datasets.map(({ name }) => name)).toEqual(nanoBeir.map(({ name }) => name));
  expect(layerwise).toHaveLength(13 * 2 * layers.length);

  const card = readFileSync(join(out, 'mteb/model-card.md'), 'utf8').split('\n');
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const head = cells(card.find((line) => line.startsWith('|  |'))!);
  const shown = new Map(
    card.filter((line) => line.startsWith('|')).map((line) => [cells(line)[0], cells(line)]),
  );
  const commit = hub.commitOf('datasets', nanoBeirRepository);
  for (const { folder, file } of systems) {
    const column = head.indexOf(folder.replace('_', ', '));
    const values = nanoBeir.map(({ name, task }) => {
      const path = `mteb/results/${folder}/no_revision_available/${task}.json`;
      const result = JSON.parse(readFileSync(join(out, path), 'utf8')) as TaskResult;
      const [scores] = result.scores.train;
      const measured = measureTrec(
        readFileSync(join(out, `runs/${name}/${file}.trec`), 'utf8'),
        readFileSync(join(out, `qrels/${name}.trec`), 'utf8'),
      )['ndcg@10']!;
      expect(result).toMatchObject({ task_name: task, dataset_revision: commit });
      expect(scores!.main_score, path).toBeCloseTo(measured, 12);
      expect(scores!.ndcg_at_10, path).toBe(scores!.main_score);
      expectRounded(shown.get(name)![column], measured, `${name} ${folder}`);
      return measured;
    });
    // The macro average: each collection counts alike.
    expect(new Set(values).size, folder).toBeGreaterThan(3);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expectRounded(shown.get('mean')![column], mean, folder);
  }
}, 600_000);
