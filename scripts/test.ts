/**
 * The whole check, in the order in which a fault is cheapest to find: format and lint, types, floors, then the
 * three suites. `npm test -- unit gpu` runs only those suites.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from '../bin/chromium.ts';

interface SuiteCounts {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

function run(name: string, command: string, args: readonly string[]): boolean {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(
    `── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return status === 0;
}

const suites = process.argv.slice(2);
const wanted = suites.length > 0 ? suites : ['unit', 'gpu', 'e2e'];
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let ok = true;
try {
  if (suites.length === 0) {
    ok = run('lint and format', 'npx', ['biome', 'ci', '--error-on-warnings', '.']) && ok;
    ok = run('types', 'npm', ['run', '-s', 'types']) && ok;
    ok = run('floors', 'npx', ['tsx', 'scripts/floors.ts']) && ok;
  }
  console.log(`\nChromium: ${ensureChromium()}`);
  for (const suite of wanted) {
    const file = join(scratch, `${suite}.json`);
    ok =
      run(suite, 'npx', [
        'vitest',
        'run',
        '--project',
        suite,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ]) && ok;
    try {
      const counts = JSON.parse(readFileSync(file, 'utf8')) as SuiteCounts;
      total.passed += counts.numPassedTests;
      total.failed += counts.numFailedTests;
      total.skipped += counts.numPendingTests;
    } catch {
      console.error(`The suite ${suite} ended without a result.`);
      ok = false;
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  ok = false;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(ok && total.passed > 0 ? 0 : 1);
