import * as Comlink from 'comlink';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { bytes } from '../../../src/base/units.ts';
import type { Fault, SeenRequest } from '../../support/hub/faults.ts';
import type { HubWorker } from '../../support/hub/worker.ts';
import { freshRandom } from '../../support/random.ts';

const hub = inject('hubUrl');
const model = 'layerlab/mini-ce';
const weights = 'onnx/model.onnx';

const start = () => {
  const worker = new Worker(new URL('../../support/hub/worker.ts', import.meta.url), { type: 'module' });
  return { worker, files: Comlink.wrap<HubWorker>(worker) };
};
let { worker, files } = start();
afterAll(() => worker.terminate());

/** As after a reload: nothing is left but what the browser keeps. */
function reload(): void {
  worker.terminate();
  ({ worker, files } = start());
}

async function setFaults(...faults: Fault[]): Promise<void> {
  await fetch(`${hub}/__test/faults`, { method: 'PUT', body: JSON.stringify(faults) });
}

async function requests(): Promise<SeenRequest[]> {
  return (await (await fetch(`${hub}/__test/requests`)).json()) as SeenRequest[];
}

const fromStorage = async (): Promise<(string | null)[]> =>
  (await requests()).filter(({ origin }) => origin === 'storage').map(({ range }) => range);

async function same(bytes: Uint8Array | null): Promise<boolean> {
  return bytes !== null && bytes.length === whole.length && bytes.every((byte, at) => byte === whole[at]);
}

let whole: Uint8Array;
beforeAll(async () => {
  whole = new Uint8Array(await (await fetch(`/models/mini-ce/${weights}`)).arrayBuffer());
});
beforeEach(async () => {
  await files.clear();
  await setFaults();
});

test('a file is kept, and read again after a reload without a request for it', async () => {
  const first = await files.read(hub, model, weights);
  expect(first).toMatchObject({ error: null, notices: [] });
  expect(await same(first.bytes)).toBe(true);
  expect(first.loaded.at(-1)).toBe(whole.length);
  expect(await files.list()).toMatchObject([
    { repository: model, revisions: ['main'], files: [{ path: weights, bytes: whole.length, whole: true }] },
  ]);
  reload();
  await setFaults();
  const second = await files.read(hub, model, weights);
  expect(second.source).toBe(first.source);
  expect(await same(second.bytes)).toBe(true);
  expect((await requests()).map(({ path }) => path)).toEqual([`/api/models/${model}/revision/main`]);
  const part = await files.read(hub, model, weights, [1000, 5000]);
  expect(part.bytes).toEqual(whole.slice(1000, 5000));
});

test('a range of what is not kept is fetched alone, and not kept', async () => {
  const { bytes } = await files.read(hub, model, weights, [1000, 5000]);
  expect(bytes).toEqual(whole.slice(1000, 5000));
  expect(await fromStorage()).toEqual(['bytes=1000-4999']);
  expect(await files.list()).toEqual([]);
});

describe('a download that fails keeps what it had, and goes on from there after a reload', () => {
  test.each<[string, Fault[], string]>([
    [
      'cut again and again',
      [{ path: 'storage:', skip: 1, what: { type: 'cut', after: 0 } }],
      'was cut (tried 3 times)',
    ],
    ['stalled', [{ path: 'storage:', skip: 1, what: { type: 'silence' } }], 'has sent nothing'],
    ['refused', [{ path: 'storage:', skip: 1, what: { type: 'status', status: 403 } }], 'answered 403'],
    [
      'to wait for long',
      [{ path: 'storage:', skip: 1, what: { type: 'status', status: 429 } }],
      'asks for fewer requests (tried 3 times)',
    ],
  ])('%s', async (_, faults, words) => {
    const had = freshRandom().int(100_000, whole.length - 1);
    await setFaults(
      { path: 'storage:', times: 1, what: { type: 'cut', after: had } },
      ...faults.map((fault) => ({ ...fault, skip: 0 })),
    );
    const failed = await files.read(hub, model, weights);
    expect(failed.error).toContain(words);
    const [kept] = await files.list();
    expect(kept?.files).toEqual([{ path: weights, bytes: expect.any(Number), whole: false }]);
    // Of what was sent before a cut, a browser may pass on less.
    const came = kept?.files[0]?.bytes ?? 0;
    expect(came).toBeGreaterThan(0);
    expect(came).toBeLessThanOrEqual(had);
    reload();
    await setFaults();
    expect(await same((await files.read(hub, model, weights)).bytes)).toBe(true);
    expect(await fromStorage()).toEqual([`bytes=${came}-${whole.length - 1}`]);
  });
});

test('a file that is shorter than listed is said, and what is there stays', async () => {
  await setFaults({ path: 'storage:', times: 1, what: { type: 'truncated', to: 70_000 } });
  expect(await same((await files.read(hub, model, weights)).bytes)).toBe(true);
  expect(await fromStorage()).toEqual([null, `bytes=70000-${whole.length - 1}`]);

  await files.clear();
  await setFaults(
    { path: 'storage:', times: 1, what: { type: 'truncated', to: 70_000 } },
    { path: 'storage:', what: { type: 'truncated', to: 0 } },
  );
  const { error } = await files.read(hub, model, weights);
  expect(error).toContain(`ends after 70000 bytes, but the hub lists ${whole.length}`);
});

test('a file of another hash is fetched once more, and then refused and removed', async () => {
  await setFaults({ path: 'storage:', times: 1, what: { type: 'changed' } });
  const once = await files.read(hub, model, weights);
  expect(await same(once.bytes)).toBe(true);
  expect(once.notices).toEqual([
    expect.stringContaining('other bytes than the hub lists; it is fetched once more'),
  ]);

  await files.clear();
  await setFaults({ path: 'storage:', what: { type: 'changed' } });
  const twice = await files.read(hub, model, weights);
  expect(twice.error).toContain('came with other bytes than the hub lists, twice, and was not kept');
  expect((await files.list())[0]?.files).toEqual([{ path: weights, bytes: 0, whole: false }]);

  await setFaults({ path: 'hub:/layerlab', what: { type: 'changed' } });
  expect((await files.read(hub, model, 'config.json')).error).toContain(
    'other bytes than the hub lists, twice',
  );
});

test('without an answer from the hub the kept commit is opened, and that is said', async () => {
  const { source } = await files.read(hub, model, weights);
  reload();
  await setFaults({ path: 'hub:', what: { type: 'status', status: 503 } });
  const offline = await files.read(hub, model, weights);
  expect(offline).toMatchObject({ source, error: null });
  expect(await same(offline.bytes)).toBe(true);
  const commit = source.split('@')[1] ?? '';
  expect(offline.notices.at(-1)).toMatch(
    new RegExp(
      `answered 503 .* The commit that main was on \\d{4}-\\d\\d-\\d\\d, ${commit.slice(0, 12)}, is kept here`,
    ),
  );
  const other = await files.read(hub, model, 'tokenizer.json');
  expect(other.error).toContain('tokenizer.json could not be fetched');
  // A commit is what it is, whether the hub answers or not.
  await setFaults();
  await files.read(hub, `${model}@${commit}`, weights);
  expect(await requests()).toEqual([]);
});

test('what is not there is said, and the other spelling of a name is tried', async () => {
  expect((await files.read(hub, 'layerlab/nothing', weights)).error).toContain(
    'hub:layerlab/nothing@main is not there',
  );
  expect((await files.read(hub, model, 'onnx/none.onnx')).error).toContain('onnx/none.onnx is not there');
  const { notices, source } = await files.read(hub, 'layerlab/mini-L-12-v2', 'config.json');
  expect(source).toMatch(/^hub:layerlab\/mini-L12-v2@/);
  expect(notices).toEqual([
    'hub:layerlab/mini-L-12-v2 is not there; layerlab/mini-L12-v2 is taken, as it is also spelt.',
  ]);
});

test('while another tab downloads a file it is fetched without being kept', async () => {
  const { source } = await files.read(hub, model, 'config.json');
  const leave = await files.hold(model, source.split('@')[1] ?? '', weights);
  const { bytes, notices } = await files.read(hub, model, weights);
  expect(await same(bytes)).toBe(true);
  expect(notices).toEqual([expect.stringContaining('Another tab is downloading')]);
  await leave();
});

test('a full disk is said, with what is needed and what can be removed', async () => {
  await files.read(hub, 'layerlab/mini-L12-v2', 'tokenizer.json');
  const { usage = 0 } = await navigator.storage.estimate();
  const quota = (size?: number) =>
    cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize: size });
  try {
    await quota(usage + 1_000_000);
    const { error } = await files.read(hub, model, weights);
    // What had come before the disk was full is kept, and needs no room again.
    const kept = (await files.list()).find(({ repository }) => repository === model);
    const came = kept?.files.find(({ path }) => path === weights)?.bytes ?? 0;
    expect(error).toContain(
      `onnx/model.onnx needs ${bytes(whole.length - came)} of room, which the browser does not grant this page; remove downloads, the largest of which`,
    );
    expect(error).toContain('layerlab/mini-L12-v2 (');
  } finally {
    await quota();
  }
  expect(await same((await files.read(hub, model, weights)).bytes)).toBe(true);
});

test('removing leaves nothing of a model', async () => {
  const { source } = await files.read(hub, model, 'config.json');
  await files.remove(model, source.split('@')[1] ?? '');
  expect(await files.list()).toEqual([]);
});
