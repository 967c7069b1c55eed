/**
 * `npm run store-report [-- layers|compare|small-model]`: runs the bundled default from the command line, its layers in
 * full, a training and comparison of a sample, and all that is asked of a small model, and puts the reports where the
 * page finds them before anything has run, the last one's table into the README too. To be repeated, on a quiet
 * machine, when a change moves a number or the speed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport } from '../src/lab/report/read.ts';
import { withSmallModelTable } from './readmeTable.ts';

/** Spec in `examples/`, and the report's name in `public/stored/`. */
const stored = { layers: 'report.json', compare: 'compare.json', 'small-model': 'small-model.json' } as const;

const root = fileURLToPath(new URL('..', import.meta.url));

function store(spec: string, report: string): number {
  const scratch = mkdtempSync(join(tmpdir(), 'layerlab-stored-'));
  const { status } = spawnSync(
    'npx',
    [
      'tsx',
      'bin/lab.ts',
      'run',
      `examples/${spec}.json`,
      '--out',
      scratch,
      '--no-cache',
      '--runtime',
      'browser',
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (status === 0) {
    mkdirSync(join(root, 'public/stored'), { recursive: true });
    const text = readFileSync(join(scratch, 'report.json'), 'utf8');
    // Every visitor fetches it: without its indentation it is a third smaller.
    writeFileSync(join(root, 'public/stored', report), `${JSON.stringify(JSON.parse(text))}\n`);
    if (spec === 'small-model') {
      const readme = join(root, 'README.md');
      writeFileSync(readme, withSmallModelTable(readFileSync(readme, 'utf8'), readReport(text, report)));
    }
  }
  rmSync(scratch, { recursive: true, force: true });
  return status ?? 1;
}

const asked = process.argv.slice(2);
const known = Object.entries(stored);
const unknown = asked.find((name) => !known.some(([spec]) => spec === name));
if (unknown !== undefined) {
  console.error(`There is no stored report "${unknown}"; there are ${Object.keys(stored).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const [spec, report] of known) {
    if (asked.length > 0 && !asked.includes(spec)) continue;
    process.exitCode = store(spec, report) || process.exitCode;
  }
}
