/**
 * `npm run soak [-- --minutes 30 --every 20 --seed 1 --documents 500]`: runs in the built page while it is disturbed:
 * reloads, killed tabs, a lost GPU, full storage, a cut network, one of them every so many seconds and the same ones
 * for a seed. As a visitor would, the script presses what goes on with a run. Each run must come to the report of one
 * that was left in peace, all but its times. Layer-wise runs and comparisons that train take turns; the last one is let
 * end. A run should take several times as long as faults are apart: `--documents` of each of two collections.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../../../../bin/build.ts';
import type { Report } from '../../../../src/lab/report/report.ts';
import { trainSchema } from '../../../../src/lab/spec/spec.ts';
import { withoutTimes } from '../../../support/withoutTimes.ts';
import { linkTo } from '../smallRun.ts';
import { type FaultName, faultNames, faultsFrom, strike } from './faults.ts';
import { SoakLab, type SoakRun } from './soakLab.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    every: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    documents: { type: 'string', default: '500' },
  },
});
const numberOf = (name: keyof typeof values): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`--${name} is ${values[name]}; it takes a number above 0.`);
  process.exit(1);
};
const minutes = numberOf('minutes');
const everyMs = numberOf('every') * 1000;
/** A run that does not end within so long after the last fault hangs. */
const mostMs = 3_600_000;

const training = trainSchema.parse({
  name: 'DE-2-CE',
  steps: 12,
  batchSize: 8,
  miniBatchSize: 8,
  maxLength: 48,
  warmupSteps: 2,
  learningRate: 1e-4,
});
const documents = numberOf('documents');
const sample = (share: number): readonly [number, number] => [
  Math.ceil((documents * share) / 8),
  Math.ceil(documents * share),
];
const runs: readonly SoakRun[] = [
  { name: 'layer-wise run', hash: linkTo(undefined, sample(1)), button: 'Run' },
  {
    name: 'comparison',
    hash: linkTo(
      (spec) => ({
        ...spec,
        train: [training],
        compare: {
          ...spec.compare,
          enabled: true,
          systems: ['baseline', 'bm25', 'ce-layer-1', 'DE-2-CE'],
          rerankDepth: 20,
          speed: false,
        },
      }),
      sample(0.25),
    ).replace('#/layers', '#/compare'),
    button: 'Compare',
  },
];

/** What a disturbed run must come to as well, bit for bit: all but times, the machine, and how often a text was embedded. */
function figures(report: Report): readonly string[] {
  const { environment, speed, ...rest } = withoutTimes(report) as Report;
  return JSON.stringify({ ...rest, datasets: environment.datasets }, null, 1).split('\n');
}

/** The first line in which two reports differ, as it is in both; null where they are equal. */
function firstDifference(expected: Report, found: Report): string | null {
  const [one, other] = [figures(expected), figures(found)];
  const at = one.findIndex((line, index) => line !== other[index]);
  if (at < 0) return one.length === other.length ? null : 'one is longer';
  return `${one[at]!.trim()} became ${other[at]?.trim() ?? 'nothing'}`;
}

const started = Date.now();
function say(text: string): void {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${text}`,
  );
}

/** Goes on with a run that has stopped, until it has ended or the time is up. @returns whether it has ended */
async function watch(lab: SoakLab, until: number): Promise<boolean> {
  for (;;) {
    if (await lab.ended()) return true;
    const reason = await lab.stopped();
    if (reason !== null) say(`  stopped: ${reason} Pressed: ${await lab.goOn()}`);
    if (Date.now() >= until) return false;
    await pause(500);
  }
}

interface Tally {
  readonly faults: Record<FaultName, number>;
  readonly differences: string[];
  ended: number;
}

/** One run among faults. */
async function disturbed(
  lab: SoakLab,
  run: SoakRun,
  expected: Report,
  faults: Iterator<FaultName, never>,
  end: number,
  tally: Tally,
): Promise<void> {
  say(`${run.name} begins`);
  await lab.begin(run);
  while (!(await watch(lab, Date.now() < end ? Date.now() + everyMs : Date.now() + mostMs))) {
    if (Date.now() >= end + mostMs) throw new Error(`The ${run.name} does not end.`);
    const fault = faults.next().value;
    tally.faults[fault] += 1;
    await strike(fault, lab);
    say(`  ${fault}; pressed: ${await lab.goOn()}`);
  }
  const difference = firstDifference(expected, await lab.report());
  tally.ended += 1;
  if (difference !== null) tally.differences.push(`${run.name}, ${difference}`);
  say(
    `${run.name} has ended; its report ${difference === null ? 'equals the undisturbed one' : `differs: ${difference}`}`,
  );
}

await buildIfStale();
const lab = await SoakLab.open();
const tally: Tally = {
  faults: Object.fromEntries(faultNames.map((name) => [name, 0])) as Tally['faults'],
  differences: [],
  ended: 0,
};
try {
  const expected: Report[] = [];
  for (const run of runs) {
    say(`${run.name}, undisturbed`);
    await lab.begin(run);
    if (!(await watch(lab, Date.now() + mostMs))) throw new Error(`The ${run.name} does not end.`);
    expected.push(await lab.report());
  }
  const faults = faultsFrom(numberOf('seed'));
  const end = Date.now() + minutes * 60_000;
  for (let turn = 0; Date.now() < end; turn++) {
    const at = turn % runs.length;
    await disturbed(lab, runs[at]!, expected[at]!, faults, end, tally);
  }
} finally {
  await lab.close();
}
const counts = faultNames.map((name) => `${name} ${tally.faults[name]}`).join(', ');
say(
  `${tally.ended} runs ended among ${Object.values(tally.faults).reduce((a, b) => a + b)} faults (${counts})`,
);
say(
  tally.differences.length === 0
    ? 'Every report equals that of the undisturbed run.'
    : `Differing reports: ${tally.differences.length}. ${tally.differences.join('; ')}`,
);
process.exit(tally.differences.length === 0 ? 0 : 1);
