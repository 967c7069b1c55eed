import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { expect, test } from 'vitest';
import { generator } from '../../../src/base/random.ts';
import { Journal } from '../../../src/lab/cache/journal.ts';
import type { Collection } from '../../../src/lab/data/collection.ts';
import type { RowEncoder } from '../../../src/lab/models/types.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { RunJournal } from '../../../src/lab/pipeline/runJournal.ts';
import { type LogState, RunLog, type TimedEntry } from '../../../src/lab/pipeline/runLog.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { Spec, SpecInput } from '../../../src/lab/spec/spec.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';
import { fakeReranker } from '../../support/fakeReranker.ts';
import { fakeServices } from '../../support/fakeServices.ts';
import { KillableDisk, Killed } from '../../support/killableDisk.ts';
import { withoutTimes } from '../../support/withoutTimes.ts';

/** Long texts, of which few fill a batch; every ninth one repeats an earlier one, and some are cut. */
function longTexts(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const of = i % 9 === 8 ? i - 5 : i;
    return `${name} ${of} ${String.fromCharCode(97 + (of % 26)).repeat(60 + ((of * 37) % 120))}`;
  });
}

function collection(name: string): Collection {
  const [queries, documents] = [longTexts(`${name} asks`, 20), longTexts(name, 150)];
  return {
    name,
    title: name,
    source: `folder:${name}`,
    split: 'test',
    queries: { ids: queries.map((_, i) => `q${i}`), texts: queries },
    corpus: { ids: documents.map((_, i) => `d${i}`), texts: documents },
    qrels: queries.map((_, q) => new Map([[(q * 7) % documents.length, 1]])),
  };
}

const encoder: RowEncoder = {
  ...characterEncoder,
  encode: (text) => ({
    ...characterEncoder.encode(text.slice(0, 150)),
    content: { tokens: text.length, known: text.length },
  }),
};

interface Sitting {
  /** Missing where it was killed. */
  readonly report?: unknown;
  readonly batches: number;
  readonly writes: number;
}

/** A run in a tab that is killed after so many writes. @param stores whether vectors can be kept */
async function sit(spec: Spec, disk: KillableDisk, lives?: number, stores = true): Promise<Sitting> {
  const controller = new AbortController();
  disk.open(lives, () => controller.abort());
  const sessions = [fakeSession([])];
  const open = (layers: readonly number[]) => {
    const session = fakeSession(layers);
    sessions.push(session);
    return Promise.resolve({ session, encoder, tokenizerHash: 'x' });
  };
  const journal = new RunJournal(
    new RunLog(
      new Journal<TimedEntry, LogState>({
        log: disk.file('log'),
        states: [disk.file('state-0'), disk.file('state-1')],
      }),
    ),
    0,
  );
  const services = fakeServices({
    loadCollection: ({ source }) => Promise.resolve(collection(source.slice('folder:'.length))),
    openModel: () => open([0, 1, 2]),
    openSystem: (system) => open([system.type === 'layer' ? system.layer : 2]),
    openStore: ({ session }) => Promise.resolve(stores ? disk.store(session.layers.join(' ')) : null),
    openReranker: () => Promise.resolve(fakeReranker()),
    openScoreStore: () => Promise.resolve(stores ? disk.store('scores') : null),
  });
  let report: Report | undefined;
  try {
    report = await runExperiment(spec, { ...services, journal }, () => {}, controller.signal);
  } catch (error) {
    if (!(error instanceof Killed) && !controller.signal.aborted) throw error;
  }
  const batches = sessions.reduce((sum, one) => sum + one.batches.length, 0);
  return { ...(report ? { report: withoutTimes(report) } : {}), batches, writes: disk.writes };
}

function specOf(change: Partial<SpecInput>): Spec {
  return parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }, { source: 'folder:two' }],
    ...change,
  });
}

const layers = specOf({ layerwise: { bootstrapSamples: 20, topK: 10 } });
const comparison = specOf({
  datasets: [{ source: 'folder:one' }],
  layerwise: { enabled: false },
  compare: { enabled: true, systems: ['baseline', 'ce-layer-1', 'bm25'], rerankDepth: 5, speed: false },
});

test.each([
  ['layers', layers],
  ['a comparison', comparison],
])(
  'a run of %s that is killed at any write ends as an undisturbed one, and runs one batch twice at most',
  async (_, spec) => {
    const whole = await sit(spec, new KillableDisk());
    expect(whole.report).toBeDefined();
    expect(whole.writes).toBeGreaterThan(20);
    for (let lives = 0; lives < whole.writes; lives++) {
      const disk = new KillableDisk();
      const killed = await sit(spec, disk, lives);
      expect(killed.report).toBeUndefined();
      const rest = await sit(spec, disk);
      expect(rest.report).toEqual(whole.report);
      expect(killed.batches + rest.batches).toBeLessThanOrEqual(whole.batches + 1);
    }
  },
);

test('a run that is killed again and again ends as an undisturbed one', async () => {
  const whole = await sit(layers, new KillableDisk());
  const random = generator(5);
  for (let round = 0; round < 10; round++) {
    const disk = new KillableDisk();
    let batches = 0;
    let sittings = 0;
    for (let ended = false; !ended; sittings++) {
      const sitting = await sit(layers, disk, uniformInt(random, 1, 25));
      batches += sitting.batches;
      ended = sitting.report !== undefined;
      if (ended) expect(sitting.report).toEqual(whole.report);
    }
    expect(batches).toBeLessThanOrEqual(whole.batches + sittings);
  }
});

test('where vectors cannot be stored, a run goes on from the lists that it noted', async () => {
  const whole = await sit(layers, new KillableDisk(), undefined, false);
  for (let lives = 0; lives < whole.writes; lives++) {
    const disk = new KillableDisk();
    await sit(layers, disk, lives, false);
    const rest = await sit(layers, disk, undefined, false);
    expect(rest.report).toEqual(whole.report);
    if (lives === whole.writes - 1) expect(rest.batches).toBeLessThan(whole.batches / 2);
  }
});

test('another collection under the same name is searched anew', async () => {
  const disk = new KillableDisk();
  await sit(layers, disk, 30);
  const other = { ...layers, datasets: layers.datasets.map((one) => ({ ...one, documents: 100 })) };
  const alone = await sit(other, new KillableDisk());
  expect((await sit(other, disk)).report).toMatchObject({
    layerwise: (alone.report as { layerwise: unknown }).layerwise,
  });
});
