import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as modules from '../../../bin/node/labModules.ts';
import { openNodeLab } from '../../../bin/node/openNodeLab.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { type Spec, specSchema } from '../../../src/lab/spec/spec.ts';

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-shards-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const spec = specSchema.parse({
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
  datasets: [
    { source: 'bundled:foldoc', queries: 8, documents: 40 },
    { source: 'bundled:vera', queries: 4, documents: 5 },
  ],
  ties: 'id-descending',
  maxLength: 32,
  layerwise: { layers: [0, 1, 2], topK: 10 },
  keep: ['runs'],
});

/** A report without what is measured anew in every run: when, how long, and what went through the models for it. */
function withoutTimes({ environment, ...report }: Report): unknown {
  const { startedAt, startSeconds, seconds, models, ...rest } = environment;
  const { work: ceWork, ...ce } = models.ce!;
  const { work: deWork, ...de } = models.de!;
  expect([startedAt, startSeconds, seconds, ceWork, deWork]).not.toContain(undefined);
  return { ...report, environment: { ...rest, models: { ce, de } } };
}

/** Every file of a folder, the report without its times. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const text = readFileSync(join(parentPath, name), 'utf8');
      const given = name === 'report.json' ? JSON.stringify(withoutTimes(readReport(text, name))) : text;
      return [join(parentPath, name).slice(folder.length), given];
    }),
  );
}

async function wholeRun(given: Spec, name: string, data?: string): Promise<Record<string, string>> {
  const out = join(scratch, name);
  const lab = await openNodeLab(modules, { cache: null, out, data }, () => {});
  mkdirSync(out, { recursive: true });
  expect(await lab.run(given)).toEqual({ status: 0, sentence: null });
  await lab.close();
  return filesOf(out);
}

let whole: Record<string, string>;
beforeAll(async () => {
  whole = await wholeRun(spec, 'whole');
});

test.each([1, 3, 7])('%i shards give, byte for byte, the files of one run', async (count) => {
  const out = join(scratch, String(count));
  mkdirSync(out);
  const lab = await openNodeLab(modules, { cache: null, out }, () => {});
  const parts = [];
  for (let index = 0; index < count; index++) {
    const file = `part-${index}`;
    parts.push({ ...modules.readPart(await lab.shard(spec, { index, count }), file), file });
  }
  await lab.merge({ layers: parts.reverse(), reranked: [] });
  await lab.close();
  const merged = filesOf(out);
  expect(Object.keys(merged).sort()).toEqual(Object.keys(whole).sort());
  expect(Object.keys(merged).filter((name) => name.endsWith('.trec'))).toHaveLength(14);
  for (const [name, text] of Object.entries(merged)) expect(text, name).toBe(whole[name]);
});

/** A folder in BEIR's layout, of which one query is a document of its own collection too. */
function madeFolder(): string {
  const data = join(scratch, 'data');
  const bundled = fileURLToPath(new URL('../../../public/datasets/foldoc/corpus.jsonl', import.meta.url));
  const corpus = readFileSync(bundled, 'utf8').split('\n').slice(0, 30);
  const ids = corpus.map((line) => (JSON.parse(line) as { _id: string })._id);
  const lines = (ids: readonly string[]): string =>
    ids
      .map((_id, at) => `${JSON.stringify({ _id, text: `What is number ${at}, and what for?` })}\n`)
      .join('');
  mkdirSync(join(data, 'made/qrels'), { recursive: true });
  writeFileSync(join(data, 'made/corpus.jsonl'), `${corpus.join('\n')}\n`);
  writeFileSync(join(data, 'made/queries.jsonl'), lines(['q0', 'q1', ids[4]!]));
  writeFileSync(
    join(data, 'made/qrels/test.tsv'),
    `q0\t${ids[0]}\t1\nq1\t${ids[29]}\t1\n${ids[4]}\t${ids[17]}\t2\n`,
  );
  return data;
}

test('shards that read their own lines alone give, byte for byte, the files of one run', async () => {
  const data = madeFolder();
  const given = specSchema.parse({
    ...spec,
    datasets: [{ source: 'local:made' }],
    layerwise: { layers: [0, 1], topK: 12 },
  });
  const expected = await wholeRun(given, 'whole-made', data);
  const out = join(scratch, 'made');
  mkdirSync(out);
  const lab = await openNodeLab(modules, { cache: null, out, data }, () => {});
  const fetched = globalThis.fetch;
  let bytes = 0;
  globalThis.fetch = async (input, init) => {
    const response = await fetched(input, init);
    const isCorpus = String(input).endsWith('corpus.jsonl') && init?.method !== 'HEAD';
    if (isCorpus) bytes += Number(response.headers.get('Content-Length'));
    return response;
  };
  const size = statSync(join(data, 'made/corpus.jsonl')).size;
  const count = 4;
  const parts = [];
  const read: number[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const file = `part-${index}`;
      bytes = 0;
      parts.push({ ...modules.readPart(await lab.shard(given, { index, count }), file), file });
      read.push(bytes);
    }
  } finally {
    globalThis.fetch = fetched;
  }
  expect(parts.map(({ slices }) => slices[0]!.documents).reduce((sum, n) => sum + n)).toBe(30);
  // What of a line lies behind a part's end comes in a request of 16 KiB, which here is the rest of the file.
  for (const [index, sum] of read.entries()) {
    expect(sum).toBeLessThanOrEqual(64 + 1 + size - Math.floor((index * size) / count));
  }
  await lab.merge({ layers: parts, reranked: [] });
  await lab.close();
  const merged = filesOf(out);
  expect(Object.keys(merged).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, text] of Object.entries(merged)) expect(text, name).toBe(expected[name]);
});
