import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readReport } from '../../src/lab/report/read.ts';
import { realData } from '../support/realData.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = realData();
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-real-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('real collections run from the command line with the bundled pair', () => {
  const spec = join(scratch, 'spec.json');
  writeFileSync(
    spec,
    JSON.stringify({
      models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
      datasets: [
        { source: 'local:stsb', split: 'train', queries: 30, documents: 100 },
        { source: 'local:msmarco-sample', queries: 2, documents: 150 },
      ],
      layerwise: { layers: [0, 2], bootstrapSamples: 0 },
    }),
  );
  const { status, stderr } = spawnSync(
    'npx',
    [
      'tsx',
      'bin/lab.ts',
      'run',
      spec,
      '--out',
      join(scratch, 'out'),
      '--data',
      data,
      '--no-cache',
      '--runtime',
      'browser',
      '--adapter',
      'software',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status, stderr.slice(-2000)).toBe(0);
  const { layerwise, environment } = readReport(
    readFileSync(join(scratch, 'out/report.json'), 'utf8'),
    'report.json',
  );
  expect(environment.datasets).toMatchObject([
    { name: 'stsb', source: 'local:stsb', queries: 30, documents: 100 },
    { name: 'msmarco-sample', source: 'local:msmarco-sample', queries: 2, totalDocuments: 5000 },
  ]);
  expect(layerwise).toHaveLength(8);
  // Pairs of much alike sentences: the words alone find some of them.
  const words = layerwise.find(
    ({ dataset, model, layer }) => dataset === 'stsb' && model === 'ce' && layer === 0,
  );
  expect(words?.metrics['hits@10']).toBeGreaterThan(0.3);
});
