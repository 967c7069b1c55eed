import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import { FileStore } from '../../../src/lab/cache/fileStore.ts';
import { Journal } from '../../../src/lab/cache/journal.ts';
import { listStores, openStore, type StoreDescription } from '../../../src/lab/cache/opfs.ts';
import type { ReadCollection } from '../../../src/lab/data/beir.ts';
import { keepCollection, keptCollection } from '../../../src/lab/data/hub/kept.ts';
import { defaultPatience, setHubAccess } from '../../../src/lab/hub/access.ts';
import { openKept } from '../../../src/lab/hub/keptModels.ts';
import { checkStore } from '../../../src/lab/models/checkStore.ts';
import { openHubModel } from '../../../src/lab/models/hubFiles.ts';
import type { BackendCheck } from '../../../src/lab/models/types.ts';
import { listUnfinished, withJournal } from '../../../src/lab/pipeline/unfinishedRuns.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { openCheckpoint } from '../../../src/lab/training/checkpointStore.ts';
import type { KeptTraining } from '../../../src/lab/training/keptTraining.ts';
import { rememberedLaunch } from '../../../src/lab/training/launchStore.ts';
import { FaultyStorage, manners } from '../../support/faultyStorage.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';
import { madeIdentity, madeTraining } from '../../support/training.ts';

const storage = new FaultyStorage();
afterAll(() => storage.remove());
beforeAll(() => vi.stubGlobal('navigator', storage.navigator));
afterAll(() => vi.unstubAllGlobals());

/** Storage that is full from the first write on, from the second on, and so on until it takes all that is written. */
async function fullFromEachWrite(use: (at: number) => Promise<void>): Promise<void> {
  for (const manner of manners) {
    let at = 0;
    do {
      storage.begin(at, manner);
      await use(at);
      at++;
    } while (storage.failed);
    // The last one met no fault: fewer would mean that nothing was tried.
    expect(at).toBeGreaterThan(1);
  }
}

const full =
  /^The storage that the browser allows is full; the run goes on, but stores no more embeddings\.$/;

test('embeddings: a run goes on, says so once, and what was stored is right', async () => {
  const description: StoreDescription = {
    source: 'bundled:a',
    model: 'abc',
    tokenizer: 'def',
    layers: [0, 1],
    hiddenSize: 3,
    rows: 'single 256',
  };
  const texts = ['one', 'two', 'three', 'four'];
  const vectors = texts.map((_, row) => Float32Array.from({ length: 6 }, (__, at) => row + at / 7));
  await fullFromEachWrite(async () => {
    const notices: string[] = [];
    const store = await openStore(description, (sentence) => notices.push(sentence));
    await store?.write(texts.slice(0, 3), vectors.slice(0, 3));
    await store?.write(texts.slice(3), vectors.slice(3));
    await store?.close();
    const { failed } = storage;
    expect(notices).toHaveLength(failed ? 1 : 0);
    if (store) expect(notices.filter((sentence) => !full.test(sentence))).toEqual([]);

    storage.mend();
    const again = await openStore(description, (sentence) => notices.push(sentence));
    const kept = (await again?.read(texts)) ?? [];
    for (const [row, vector] of kept.entries()) {
      if (vector) expect(vector).toEqual(vectors[row]);
      else expect(failed).toBe(true);
    }
    const lost = texts.flatMap((_, row) => (kept[row] ? [] : [row]));
    await again?.write(
      lost.map((row) => texts[row]!),
      lost.map((row) => vectors[row]!),
    );
    expect(await again?.read(texts)).toEqual(vectors);
    await again?.close();
    expect(await listStores()).toHaveLength(1);
  });
});

const dataOf = ({ weights }: KeptTraining) => [...weights].map(([name, { data }]) => [name, data]);

test('checkpoints: training goes on, says so once, and resumes from the last one that was kept', async () => {
  const steps = [2, 5, 11];
  await fullFromEachWrite(async () => {
    const notices: string[] = [];
    const open = () => openCheckpoint(madeIdentity('run', 1), 'adapter', (text) => notices.push(text));
    const store = await open();
    let last = 0;
    for (const step of steps) {
      await store?.write(madeTraining(step, step));
      if (store && notices.length === 0) last = step;
    }
    expect(notices).toHaveLength(storage.failed ? 1 : 0);
    storage.mend();
    const kept = await (await open())?.read();
    expect(kept?.step ?? 0).toBe(last);
    if (kept) expect(dataOf(kept)).toEqual(dataOf(madeTraining(last, last)));
  });
});

test('a run that can be continued ends with its result all the same, and what was noted whole is read', async () => {
  const spec = defaultSpec();
  const opening = { lab: '1', goOn: true };
  await fullFromEachWrite(async () => {
    const notices: string[] = [];
    const note = { ...opening, onNotice: (text: string) => void notices.push(text) };
    expect(
      await withJournal(spec, note, (journal) => Promise.resolve(journal ? 'noted' : 'not noted')),
    ).toMatch(/noted/);
    for (const text of notices) expect(text).toContain('cannot be continued from here on');
    storage.mend();
    expect(await listUnfinished('1')).toEqual([]);
  });
});

test('a journal that finds no room says so once, and keeps whole records', async () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5]);
  const open = async (onFull: () => void): Promise<Journal<number, number>> => {
    const store = await FileStore.open('layerlab-journal', ['run'], true);
    const [log, first, second] = [
      await store?.part('log'),
      await store?.part('state-0'),
      await store?.part('state-1'),
    ];
    if (!log || !first || !second) throw new DOMException('no folder', 'QuotaExceededError');
    return new Journal({ log, states: [first, second] }, onFull);
  };
  await fullFromEachWrite(async () => {
    let full = 0;
    const journal = await open(() => full++).catch(() => null);
    for (const at of [1, 2, 3]) {
      journal?.append(at, bytes);
      journal?.keepState(10 * at, bytes);
    }
    journal?.close();
    expect(full).toBeLessThanOrEqual(1);
    storage.mend();
    const again = journal && (await open(() => full++));
    expect([[], [1], [1, 2], [1, 2, 3]]).toContainEqual(again?.entries ?? []);
    expect([undefined, 10, 20, 30]).toContain(again?.state()?.says);
    for (const at of again?.entries.keys() ?? []) expect(again?.bytes(at)).toEqual(bytes);
    again?.close();
  });
});

test('what was measured of an adapter and a model holds though it cannot be stored', async () => {
  const plan = defaultLaunchConfiguration(true);
  const check: BackendCheck = {
    backend: 'wasm',
    agrees: true,
    difference: 0,
    seconds: { webgpu: 1, wasm: 1 },
    sentence: 's',
  };
  await fullFromEachWrite(async (at) => {
    const adapter = `${at} ${Math.random()}`;
    const key = {
      adapter,
      userAgent: 'test',
      appVersion: '1',
      hidden: 8,
      intermediate: 8,
      precision: 'fp32' as const,
    };
    expect(await rememberedLaunch(key, plan, () => Promise.resolve(plan))).toEqual(plan);
    const checks = checkStore('test', '1');
    await checks.write({ model: 'm', adapter }, check);
    expect(await checks.read({ model: 'm', adapter })).toEqual(check);
  });
});

const repository = 'owner/name';
const bytes = Uint8Array.from({ length: 150_000 }, (_, at) => (at * 31 + (at >> 8)) % 251);
const read: ReadCollection = {
  collection: {
    name: 'n',
    title: 'N',
    source: `hub:${repository}`,
    split: 'test',
    corpus: { ids: ['d1', 'd2'], texts: ['one\nline', 'größer'] },
    queries: { ids: ['q1'], texts: ['a "query"'] },
    qrels: [new Map([[0, 1]])],
  },
  warnings: [],
};

describe('of the hub', () => {
  let hub: TestHub;
  const notices: string[] = [];
  beforeAll(async () => {
    hub = await startHub({ models: { [repository]: { 'model.bin': bytes } } });
    setHubAccess({
      onNotice: (text) => notices.push(text),
      patience: { ...defaultPatience, tries: 2, firstWaitMs: 1 },
    });
  });
  afterAll(() => hub.close());
  beforeEach(() => void notices.splice(0));
  afterEach(() => storage.mend());

  test('a download is there or says what it lacks, and goes on once there is room', async () => {
    await fullFromEachWrite(async () => {
      notices.length = 0;
      const open = () => openHubModel(repository, hub.url);
      const outcome = await (await open()).bytes('model.bin').then(
        (got) => (Buffer.compare(got, bytes) === 0 ? 'whole' : 'other bytes'),
        (error: Error) => `${error.name}: ${error.message}`,
      );
      if (outcome !== 'whole') {
        expect(outcome).toMatch(
          /^UserError: hub:owner\/name@\w+\/model\.bin needs 1?\d+ kB of room, which the browser does not grant this page; .* What has come by now is kept\.$/,
        );
        expect(storage.failed).toBe(true);
      }
      storage.mend();
      expect(Buffer.compare(await (await open()).bytes('model.bin'), bytes)).toBe(0);
    });
  });

  test('a collection is read though it cannot be kept, and that is said', async () => {
    await fullFromEachWrite(async () => {
      notices.length = 0;
      const store = await openKept(repository, 'c0ffee');
      if (store) await keepCollection(store, 'test.jsonl', read);
      const { failed } = storage;
      if (store) {
        expect(notices).toEqual(
          failed ? [`hub:${repository} is not kept for the next run: the browser's storage is full.`] : [],
        );
      }
      storage.mend();
      const again = await openKept(repository, 'c0ffee');
      const kept = again && (await keptCollection(again, 'test.jsonl'));
      if (failed) expect(kept).toBeNull();
      else expect(kept?.collection.corpus).toEqual(read.collection.corpus);
    });
  });
});
