import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedBrowser, openBrowser } from '../../bin/browser.ts';
import { type HeadlessLab, type Outcome, openHeadlessLab } from '../../bin/headlessLab.ts';
import type { Findings } from '../../src/lab/pipeline/checkRun.ts';
import type { Report } from '../../src/lab/report/report.ts';
import { readSpec } from '../../src/lab/spec/readSpec.ts';
import { root, scratchFolder } from './support/commandLine.ts';

const scratch = scratchFolder();
const cases = join(root, 'test/fixtures/cases');

let browser: OpenedBrowser;
beforeAll(async () => {
  browser = await openBrowser('software', null);
});
afterAll(() => browser.close());

interface Ran extends Outcome {
  readonly notices: readonly string[];
  readonly report: Report | null;
  /** Files that were kept, below the output folder. */
  readonly files: readonly string[];
  text(path: string): string;
  metric(name: string, system: string, dataset?: string): number;
}

/** Opens the lab on a case's files, as `npm run lab -- run CASE/spec.json --data CASE/data` does. */
async function open(name: string, out: string | undefined, notices: string[], reports: Report[]) {
  const page = await browser.page.context().newPage();
  const data = join(cases, name, 'data');
  const lab: HeadlessLab = await openHeadlessLab(page, { data, out }, (event) => {
    if (event.type === 'notice') notices.push(event.text);
    if (event.type === 'report') reports.push(event.report);
  });
  const close = async (): Promise<void> => {
    await page.close();
    await lab.close();
  };
  return { lab, close };
}

const specOf = (name: string) => {
  const file = join(cases, name, 'spec.json');
  return readSpec(readFileSync(file, 'utf8'), file);
};

async function run(name: string): Promise<Ran> {
  const out = join(scratch, name);
  mkdirSync(out, { recursive: true });
  const notices: string[] = [];
  const reports: Report[] = [];
  const { lab, close } = await open(name, out, notices, reports);
  const outcome = await lab.run(specOf(name)).finally(close);
  const report = reports.at(-1) ?? null;
  return {
    ...outcome,
    notices,
    report,
    files: readdirSync(out, { recursive: true, encoding: 'utf8' }),
    text: (path) => readFileSync(join(out, path), 'utf8'),
    metric(metric, system, dataset = report!.environment.datasets[0]!.name) {
      const row = report!.comparison.find((one) => one.system === system && one.dataset === dataset);
      return row?.metrics[metric] ?? Number.NaN;
    },
  };
}

async function check(name: string): Promise<Findings> {
  const { lab, close } = await open(name, undefined, [], []);
  return await lab.check(specOf(name)).finally(close);
}

const mrr = 'mrr@10';
const own = 'run:my.run';
const dataOf = ({ report }: Ran) => report!.environment.datasets[0]!.data!;
const reasons = (ran: Ran): string[] =>
  dataOf(ran).searched.flatMap(({ counts }) => counts.map(({ reason, count }) => `${reason}: ${count}`));

const outcomes: readonly (readonly [name: string, claim: string, holds: (ran: Ran) => void])[] = [
  ['S01', 'a byte order mark before a spec is none of it', () => {}],
  ['S02', 'a folder may have a space', ({ report }) => expect(report!.layerwise).toHaveLength(2)],
  ['S03', 'a file may have # in its name', ({ report }) => expect(report!.layerwise).toHaveLength(2)],
  ['S03b', 'a file may have % in its name', ({ report }) => expect(report!.layerwise).toHaveLength(2)],
  [
    'S04',
    'two sources of one short name give two results and two folders',
    ({ report, files }) => {
      expect(report!.environment.datasets.map(({ name }) => name)).toEqual(['x', 'x-2']);
      expect(report!.comparison.map(({ dataset }) => dataset)).toEqual(['x', 'x-2']);
      expect(files).toEqual(
        expect.arrayContaining(['runs/x/bm25.retrieve.trec', 'runs/x-2/bm25.retrieve.trec']),
      );
    },
  ],
  [
    'R01',
    'a document listed twice counts once',
    (ran) => {
      expect(
        ran.report!.comparison.flatMap(({ metrics }) => Object.values(metrics)).every((v) => v <= 1),
      ).toBe(true);
      expect(reasons(ran)).toContain('documents listed twice for a query, counted once: 2');
    },
  ],
  [
    'R02',
    'equal scores of a run file by id-descending',
    (ran) => expect(ran.metric(mrr, own)).toBeCloseTo(2 / 3, 6),
  ],
  [
    'R02b',
    'equal scores of a run file by id-ascending',
    (ran) => expect(ran.metric(mrr, own)).toBeCloseTo(5 / 6, 6),
  ],
  [
    'R04',
    'a run is in the order of its scores, not its ranks',
    (ran) => expect(ran.metric(mrr, own)).toBe(1),
  ],
  ['R05', 'a byte order mark and a tag with spaces are read', (ran) => expect(ran.metric(mrr, own)).toBe(1)],
  ['R05b', 'five columns are read', (ran) => expect(ran.metric(mrr, own)).toBe(1)],
  [
    'R06',
    'a document that is not there keeps its rank, and is counted',
    (ran) => {
      expect(ran.metric(mrr, own)).toBe(1);
      expect(reasons(ran)).toContain('documents that c does not have, which keep their ranks: 1');
    },
  ],
  [
    'R07',
    'a query without a list finds nothing',
    (ran) => {
      expect(ran.metric(mrr, own)).toBeCloseTo(1 / 3, 6);
      expect(reasons(ran)).toContain('queries without a list, which find nothing: 1');
    },
  ],
  [
    'D04',
    'a query that is also a document does not find itself',
    (ran) => {
      expect(dataOf(ran).selfPairs).toMatchObject({ setting: 'auto', excluded: 3 });
      for (const file of ran.files.filter((path) => path.startsWith('runs/c/'))) {
        const lines = ran
          .text(file)
          .trim()
          .split('\n')
          .map((line) => line.split(' '));
        expect(
          lines.every(([query, , document]) => query !== document),
          file,
        ).toBe(true);
      }
    },
  ],
  [
    'D14',
    'ids with spaces come back from TREC files',
    (ran) => {
      expect(ran.text('runs/c/bm25.retrieve.trec')).toContain('q1 Q0 doc%201 1 ');
      expect(ran.text('qrels/c.trec')).toContain('q1 0 doc%2010 1');
      expect(dataOf(ran).sentences.join()).toContain('"doc 1" as "doc%201"');
    },
  ],
  [
    'D14b',
    'a run file with underscores for the spaces of ids gives the same figures',
    (ran) => {
      for (const metric of ['hits@10', mrr, 'ndcg@10']) {
        expect(ran.metric(metric, 'run:own.trec')).toBe(ran.metric(metric, 'bm25'));
      }
    },
  ],
  [
    'D14c',
    'no two ids become one',
    (ran) => {
      const { documents } = ran.report!.environment.datasets[0]!;
      expect(documents).toBe(14);
      expect(dataOf(ran).sentences.join()).toContain('"a b" as "a%20b"');
    },
  ],
  ['D16', 'one document is enough', (ran) => expect(ran.metric(mrr, 'baseline')).toBe(1)],
  [
    'D18',
    'BM25 finds Chinese',
    (ran) => {
      expect(ran.metric('hits@10', 'bm25')).toBe(1);
      expect(
        dataOf(ran)
          .searched.flatMap(({ sentences }) => sentences)
          .join(),
      ).toContain('Intl.Segmenter');
    },
  ],
  [
    'T02',
    'a warm-up longer than the run is said',
    ({ notices }) => expect(notices.join('\n')).toContain('the warm-up takes 1000 steps and the run 6'),
  ],
  [
    'T04',
    'one document for all queries is said',
    ({ notices }) => expect(notices.join('\n')).toContain('queries have the same document'),
  ],
  [
    'T05',
    'a negative in every second row is none in the others',
    ({ report }) => expect(report!.training[0]!.steps).toHaveLength(4),
  ],
  [
    'T07',
    'negatives that equal the positives are said to be so',
    ({ notices }) => expect(notices.join('\n')).toContain('every negative equals a positive of its query'),
  ],
];

test.each(outcomes)('%s: %s', async (name, _, holds) => {
  const ran = await run(name);
  expect(ran, ran.notices.join('\n')).toMatchObject({ status: 0, sentence: null });
  holds(ran);
});

test.each([
  ['R03', 'my.run, line 1: has the score "NaN", which is not finite; it takes a number.'],
  ['R03b', 'my.run, line 1: has the score "inf", which is not finite; it takes a number.'],
])('%s: a run file that is refused leaves the others, and a status of its own', async (name, sentence) => {
  const { status, report } = await run(name);
  expect(status).toBe(3);
  expect(report!.failures.join()).toContain(sentence);
  expect(report!.comparison.map(({ system }) => system)).toContain('bm25');
});

test.each([
  ['T01', 't: batchSize is 1 and there are no negatives, so the loss is always 0'],
  ['T06', 't: its pairs have one document, so BM25 has no negative to mine'],
])('%s: training that cannot learn is refused before the first step', async (name, sentence) => {
  const ran = await run(name);
  expect(ran.status).toBe(1);
  expect(ran.sentence).toContain(sentence);
  expect(ran.report).toBeNull();
  expect((await check(name)).refused.join()).toContain(sentence);
});

test('T03: a loss that is not finite stops the run with a sentence, and what was measured is kept', async () => {
  const { status, sentence, report } = await run('T03');
  expect(status).toBe(1);
  expect(sentence).toMatch(/t stopped at step \d+: its loss is .*; lower the learning rate\./);
  expect(report!.failures).toEqual([sentence]);
});

test('a check finds nothing where a run goes well, and names what would be left out', async () => {
  expect(await check('D04')).toMatchObject({ refused: [], leftOut: [] });
  expect((await check('R03')).leftOut).toEqual([
    'run:my.run: my.run, line 1: has the score "NaN", which is not finite; it takes a number.',
  ]);
});
