import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as modules from '../../../bin/node/labModules.ts';
import { openNodeLab } from '../../../bin/node/openNodeLab.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { specSchema } from '../../../src/lab/spec/spec.ts';

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

let whole: Record<string, string>;
beforeAll(async () => {
  const out = join(scratch, 'whole');
  const lab = await openNodeLab(modules, { cache: null, out }, () => {});
  mkdirSync(out, { recursive: true });
  expect(await lab.run(spec)).toEqual({ status: 0, sentence: null });
  await lab.close();
  whole = filesOf(out);
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
  await lab.merge(parts.reverse());
  await lab.close();
  const merged = filesOf(out);
  expect(Object.keys(merged).sort()).toEqual(Object.keys(whole).sort());
  expect(Object.keys(merged).filter((name) => name.endsWith('.trec'))).toHaveLength(14);
  for (const [name, text] of Object.entries(merged)) expect(text, name).toBe(whole[name]);
});
