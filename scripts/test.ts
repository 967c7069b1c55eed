/**
 * The whole check, in the order in which a fault is cheapest to find: format and lint, types, floors, then the
 * suites, those in the browser side by side. `npm test -- unit gpu` runs only those suites, `npm run test:gpu FILE…`
 * only those files of one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ensureChromium } from '../bin/chromium.ts';
import { ensureOtherBrowsers } from './otherBrowsers.ts';

interface SuiteCounts {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

const suites = ['unit', 'gpu', 'e2e', 'real'];
const needBrowser = new Set(['gpu', 'e2e', 'real']);
const besideEachOther = new Set(['gpu', 'e2e']);
const total = { passed: 0, failed: 0, skipped: 0 };

/** Says the outcome of what was started at `started`, in milliseconds. @returns whether it went well */
function ended(name: string, started: number, status: number | null): boolean {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
  return status === 0;
}

function run(name: string, command: string, args: readonly string[]): boolean {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return ended(name, started, status);
}

/** As `run`, while something else runs: its lines bear its name. */
async function runBeside(name: string, command: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const relay = async (input: Readable): Promise<void> => {
    for await (const line of createInterface({ input })) if (line.trim()) console.log(`${name} │ ${line}`);
  };
  const closed = once(child, 'close') as Promise<[status: number | null]>;
  await Promise.all([relay(child.stdout), relay(child.stderr)]);
  const [status] = await closed;
  return ended(name, started, status);
}

/**
 * @param files parts of the paths of the files to run; none for all
 * @param start runs the suite's command: by itself, or beside another
 */
async function runSuite(
  suite: string,
  files: readonly string[],
  scratch: string,
  start: typeof run | typeof runBeside,
): Promise<boolean> {
  const result = join(scratch, `${suite}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`];
  const ok = await start(suite, 'npx', ['vitest', 'run', '--project', suite, ...reporters, ...files]);
  try {
    const counts = JSON.parse(readFileSync(result, 'utf8')) as SuiteCounts;
    total.passed += counts.numPassedTests;
    total.failed += counts.numFailedTests;
    total.skipped += counts.numPendingTests;
    return ok;
  } catch {
    console.error(`The suite ${suite} ended without a result.`);
    return false;
  }
}

/** Suites that are named, or that the files are of; all where neither is. */
function suitesFor(named: readonly string[], files: readonly string[]): readonly string[] {
  if (named.length > 0) return named;
  const holding = suites.filter((suite) => files.some((file) => file.includes(`test/${suite}/`)));
  if (holding.length > 0) return holding;
  if (process.env.LAYERLAB_DATA) return suites;
  console.log('\nLAYERLAB_DATA is not set: test/real, on published collections, is left out.');
  return suites.filter((suite) => suite !== 'real');
}

async function runAll(given: readonly string[], scratch: string): Promise<boolean> {
  const files = given.filter((word) => !suites.includes(word));
  let ok = true;
  if (given.length === 0) {
    ok = run('lint and format', 'npx', ['biome', 'ci', '--error-on-warnings', '.']) && ok;
    ok = run('types', 'npm', ['run', '-s', 'types']) && ok;
    ok = run('floors', 'npm', ['run', '-s', 'floors']) && ok;
  }
  const named = given.filter((word) => suites.includes(word));
  const wanted = suitesFor(named, files);
  if (wanted.some((suite) => needBrowser.has(suite))) console.log(`\nChromium: ${ensureChromium()}`);
  if (wanted.includes('e2e') && (files.length === 0 || files.some((file) => file.includes('browsers')))) {
    ensureOtherBrowsers();
  }
  // A suite in the browser leaves the cores idle while shaders compile and pages load: two of them fill the gaps.
  const beside = wanted.filter((suite) => besideEachOther.has(suite));
  for (const suite of wanted.filter((one) => beside.length < 2 || !beside.includes(one)))
    ok = (await runSuite(suite, files, scratch, run)) && ok;
  if (beside.length < 2) return ok;
  const outcomes = await Promise.all(beside.map((suite) => runSuite(suite, files, scratch, runBeside)));
  return outcomes.every((one) => one) && ok;
}

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-test-'));
let ok = false;
try {
  ok = await runAll(process.argv.slice(2), scratch);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(ok && total.passed > 0 ? 0 : 1);
