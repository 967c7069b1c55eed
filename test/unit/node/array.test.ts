import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readReport } from '../../../src/lab/report/read.ts';
import { type Ended, spawnLab } from '../../support/spawnLab.ts';
import { writeTinySpec } from '../../support/tinySpec.ts';

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-array-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('of an array one process is killed and started anew: the report is there, and no part is made twice', async () => {
  const spec = writeTinySpec(scratch, [0, 1]);
  const out = join(scratch, 'out');
  const task = (index: number, killAt?: string): Promise<Ended> =>
    spawnLab(
      ['run', spec, '--out', out, '--shard', `${index}/2`, '--cache', join(scratch, `cache-${index}`)],
      { killAt },
    );
  const parts = [0, 1].map((index) => join(out, `part-${index}-of-2.part`));

  expect((await task(0)).status).toBe(0);
  const made = statSync(parts[0]!).mtimeMs;
  expect((await task(1, 'Embedding')).signal).toBe('SIGKILL');
  const early = await spawnLab(['merge', out, ...parts.slice(0, 1)]);
  expect(early.status).toBe(1);
  expect(early.stderr.trimEnd()).toBe('Part 1 of 2 is missing; run it with --shard 1/2.');
  expect(existsSync(join(out, 'report.json'))).toBe(false);

  const again = await Promise.all([0, 1].map((index) => task(index)));
  expect(again.map(({ status }) => status)).toEqual([0, 0]);
  expect(again[0]!.stderr).toContain('is there and complete; nothing is computed.');
  expect(statSync(parts[0]!).mtimeMs).toBe(made);
  expect(readdirSync(out).sort()).toEqual(['part-0-of-2.part', 'part-1-of-2.part']);

  expect((await spawnLab(['merge', out, ...parts])).status).toBe(0);
  const { layerwise, environment } = readReport(
    readFileSync(join(out, 'report.json'), 'utf8'),
    'report.json',
  );
  expect(environment.datasets[0]).toMatchObject({ name: 'vera', documents: 12 });
  expect(layerwise.map(({ model, layer }) => `${model} ${layer}`)).toEqual(['ce 0', 'ce 1', 'de 0', 'de 1']);

  const other = await spawnLab(['run', spec, '--out', out, '--shard', '2/2']);
  expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('--shard takes I/N') });
}, 600_000);
