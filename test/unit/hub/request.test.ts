import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isCancelled } from '../../../src/base/userError.ts';
import { defaultPatience, setHubAccess } from '../../../src/lab/hub/access.ts';
import { commitOf } from '../../../src/lab/hub/commit.ts';
import { fileUrl, listTree, resolveRevision } from '../../../src/lab/hub/repository.ts';
import { isMissing, type RequestOptions, request } from '../../../src/lab/hub/request.ts';
import type { Fault } from '../../support/hub/faults.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';
import { freshRandom } from '../../support/random.ts';

const large = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 31 + (at >> 8)) % 251);
const repository = 'owner/name';
let hub: TestHub;
let notices: string[];

beforeAll(async () => {
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`folder/${at}.txt`, `file ${at}`]));
  hub = await startHub({
    models: {
      [repository]: { 'config.json': '{"a": 1}', 'model.bin': large, 'a b/ü?.txt': 'name', ...many },
      'owner/terms': { 'model.bin': large },
    },
    moved: { 'old/name': repository },
    gated: ['owner/terms'],
  });
});
afterAll(() => hub.close());
beforeEach(() => {
  notices = [];
  hub.setFaults([]);
  setHubAccess({
    token: null,
    onNotice: (sentence) => notices.push(sentence),
    patience: { ...defaultPatience, firstWaitMs: 1, stallMs: 300 },
  });
});
afterEach(() => vi.unstubAllGlobals());

const at = () => ({ hub: hub.url, kind: 'models', repository, commit: 'main' }) as const;

async function bytesOf(options: RequestOptions = {}): Promise<Uint8Array> {
  const response = await request(fileUrl(at(), 'model.bin'), 'model.bin', options);
  return new Uint8Array(await response.arrayBuffer());
}

const ranges = (): (string | null)[] =>
  hub.requests.filter(({ origin }) => origin === 'storage').map(({ range }) => range);

describe('what is over in a moment is tried again', () => {
  test.each<[string, Fault['what'], string]>([
    ['a failing server', { type: 'status', status: 503 }, 'answered 503; trying again'],
    ['too many requests', { type: 'status', status: 429 }, 'asks for fewer requests; trying again'],
    ['a server that says nothing', { type: 'silence' }, 'has sent nothing for'],
  ])('%s', async (_, what, words) => {
    hub.setFaults([{ path: 'storage:', times: 2, what }]);
    expect(await bytesOf()).toEqual(large);
    expect(notices).toEqual([expect.stringContaining(words), expect.stringContaining(words)]);
    expect(ranges()).toEqual([null, null, null]);
  });

  test.each<[string, (after: number) => Fault['what']]>([
    ['cut', (after) => ({ type: 'cut', after })],
    ['stalled', (after) => ({ type: 'stall', after })],
  ])('a body that is %s goes on from where it was', async (_, what) => {
    const random = freshRandom();
    const cuts = [random.int(1, 9000), random.int(1, 9000)] as const;
    hub.setFaults(cuts.map((after) => ({ path: 'storage:', times: 1, what: what(after) })));
    expect(await bytesOf()).toEqual(large);
    expect(ranges()).toEqual([null, `bytes=${cuts[0]}-`, `bytes=${cuts[0] + cuts[1]}-`]);
  });

  test('a range that is cut goes on within itself', async () => {
    hub.setFaults([{ path: 'storage:', times: 1, what: { type: 'cut', after: 500 } }]);
    expect(await bytesOf({ headers: { Range: 'bytes=1000-2999' } })).toEqual(large.slice(1000, 3000));
    expect(ranges()).toEqual(['bytes=1000-2999', 'bytes=1500-2999']);
  });

  test('of a server that knows no ranges, what has come is passed over', async () => {
    const cut = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(large.slice(0, 1000)),
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    const answers = [
      new Response(cut, { headers: { 'Content-Length': String(large.length) } }),
      new Response(large),
    ];
    vi.stubGlobal('fetch', () => Promise.resolve(answers.shift()));
    expect(await bytesOf()).toEqual(large);
  });

  test('a body that was compressed on the way begins anew, since its ranges are others', async () => {
    const asked: (string | null)[] = [];
    const cut = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(large.slice(0, 1000)),
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      const range = new Headers(init.headers).get('Range');
      asked.push(range);
      if (asked.length === 1)
        return Promise.resolve(new Response(cut, { headers: { 'Content-Length': '7000' } }));
      const rest = range ? large.slice(1000) : large;
      return Promise.resolve(
        new Response(rest, { status: range ? 206 : 200, headers: { 'Content-Length': String(rest.length) } }),
      );
    });
    expect(await bytesOf()).toEqual(large);
    expect(asked).toEqual([null, 'bytes=1000-', null]);
  });
});

describe('what lasts is said in one sentence', () => {
  test.each<[Fault['what'], RegExp]>([
    [
      { type: 'status', status: 404 },
      /^model.bin is not there \(127.0.0.1:\d+ answered 404\); check the name\.$/,
    ],
    [
      { type: 'status', status: 401 },
      /is private, gated, or not there .* or set a token that may read it\.$/,
    ],
    [{ type: 'status', status: 403 }, /answered 403/],
    [
      { type: 'status', status: 500 },
      /answered 500 \(tried 6 times\); check the connection and try again\.$/,
    ],
    [{ type: 'silence' }, /has sent nothing for less than a second \(tried 6 times\)/],
    [
      { type: 'status', status: 429, headers: { 'Retry-After': '7200' } },
      /to wait 2 h 0 min; try again then\.$/,
    ],
  ])('%j', async (what, words) => {
    hub.setFaults([{ path: 'hub:', what }]);
    await expect(bytesOf()).rejects.toThrow(words);
  });

  test('a connection that is cut again and again', async () => {
    hub.setFaults([
      { path: 'storage:', times: 1, what: { type: 'cut', after: 5000 } },
      { path: 'storage:', what: { type: 'cut', after: 0 } },
    ]);
    await expect(bytesOf()).rejects.toThrow(/was cut \(tried 6 times\)/);
  });

  test('no server at all', async () => {
    const url = 'http://127.0.0.1:9/x';
    await expect(request(url, 'x', { tries: 1 })).rejects.toThrow(
      'x could not be fetched: no answer from 127.0.0.1:9',
    );
  });

  test('no network, at once', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    await expect(request('https://hub.test/x', 'x')).rejects.toThrow(
      'x could not be fetched: this device is offline; connect it and try again.',
    );
  });
});

test('a wait is as long as the server asks, and a cancelled one ends at once', async () => {
  hub.setFaults([{ path: 'hub:', what: { type: 'status', status: 429, headers: { 'Retry-After': '100' } } }]);
  const control = new AbortController();
  const coming = bytesOf({ signal: control.signal });
  await vi.waitFor(() => expect(notices).toEqual([expect.stringContaining('trying again in 1 min 40 s.')]));
  control.abort();
  await expect(coming).rejects.toSatisfy(isCancelled);
});

test('a body that is being read can be cancelled', async () => {
  hub.setFaults([{ path: 'storage:', what: { type: 'stall', after: 1000 } }]);
  const control = new AbortController();
  const response = await request(fileUrl(at(), 'model.bin'), 'model.bin', { signal: control.signal });
  const reading = response.arrayBuffer();
  control.abort();
  await expect(reading).rejects.toSatisfy(isCancelled);
});

test('a token goes to the hub, not to its storage, and stands in no sentence', async () => {
  const value = 'hf_secret';
  setHubAccess({ token: { origin: hub.url, value } });
  await bytesOf();
  expect(hub.requests.map(({ origin, authorization }) => [origin, authorization])).toEqual([
    ['hub', `Bearer ${value}`],
    ['storage', null],
  ]);
  setHubAccess({ token: { origin: 'https://hub.test', value } });
  await bytesOf();
  expect(hub.requests.at(-2)?.authorization).toBeNull();

  setHubAccess({ token: { origin: hub.url, value } });
  hub.setFaults([{ path: 'hub:', what: { type: 'status', status: 403 } }]);
  const error = await bytesOf().catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('check the name, and that the token may read it');
  expect(String(error) + notices.join()).not.toContain(value);
});

test.each<[string, Fault['what']]>([
  ...[400, 401, 404, 416, 418, 429, 500].map((status): [string, Fault['what']] => [
    `an answer ${status}`,
    { type: 'status', status },
  ]),
  ['silence', { type: 'silence' }],
  ['a cut', { type: 'cut', after: 0 }],
])('a token stands in no sentence after %s', async (_, what) => {
  const value = 'hf_secret';
  setHubAccess({
    token: { origin: hub.url, value },
    patience: { ...defaultPatience, tries: 2, firstWaitMs: 1, stallMs: 100 },
  });
  // The hub's own answer has no body to cut: it leads on to the storage.
  hub.setFaults([{ path: what.type === 'cut' ? 'storage:' : 'hub:', what }]);
  const error = await bytesOf().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(String(error) + notices.join()).not.toContain(value);
});

test('no request says which page it comes from', async () => {
  const asked: (string | undefined)[] = [];
  const given = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push(init.referrerPolicy);
    return given(url, init);
  });
  await bytesOf();
  await resolveRevision(hub.url, repository, 'main');
  expect(asked).toEqual(['no-referrer', 'no-referrer']);
});

test('a revision may have slashes in its name', async () => {
  const { commit } = await resolveRevision(hub.url, repository, 'refs/pr/1');
  expect(commit).toBe(hub.commitOf('models', repository));
  expect(hub.requests.at(-1)?.path).toBe(`/api/models/${repository}/revision/refs/pr/1`);
  await expect(resolveRevision(hub.url, repository, 'refs/pr/2')).rejects.toThrow(
    `hub:${repository}@refs/pr/2 is not there`,
  );
});

test('a repository that moved is followed, and its new name is known', async () => {
  expect(await resolveRevision(hub.url, 'old/name', 'main')).toEqual({
    repository,
    commit: hub.commitOf('models', repository),
  });
  expect(await commitOf({ repository: 'old/name', revision: 'main' }, hub.url, 'models')).toMatchObject({
    repository,
  });
  expect(notices).toEqual([
    `hub:old/name has moved to ${repository}, which is taken; name it in the source.`,
  ]);
});

test('a gated repository says where its terms are, and is not taken for one that is missing', async () => {
  const gated = { ...at(), repository: 'owner/terms' };
  const read = () => request(fileUrl(gated, 'model.bin'), 'hub:owner/terms@main/model.bin');
  const error = await read().catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(
    `hub:owner/terms@main/model.bin is gated: its owner asks to accept terms at ${hub.url}/owner/terms; accept them there, and set a token of yours that may read it.`,
  );
  expect(isMissing(error)).toBe(false);
  setHubAccess({ token: { origin: hub.url, value: 'hf_mine' } });
  expect(new Uint8Array(await (await read()).arrayBuffer())).toEqual(large);
});

test('a listing of 3,000 files is read page by page', async () => {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`part-${at}.txt`, '']));
  const big = await startHub({ models: { 'owner/big': files }, listedAtOnce: 1000 });
  const { commit } = await resolveRevision(big.url, 'owner/big', 'main');
  const listed = await listTree({ hub: big.url, kind: 'models', repository: 'owner/big', commit });
  expect(listed).toHaveLength(3000);
  expect(new Set(listed.map(({ path }) => path)).size).toBe(3000);
  expect(big.requests).toHaveLength(4);
  await big.close();
});

test('a revision is resolved to its commit, and a listing read to its last page', async () => {
  const { commit } = await resolveRevision(hub.url, repository, 'main');
  expect(commit).toBe(hub.commitOf('models', repository));
  const files = await listTree({ ...at(), commit });
  expect(files).toHaveLength(16);
  expect(files.find(({ path }) => path === 'config.json')).toMatchObject({ size: 8, sha256: null });
  expect(files.find(({ path }) => path === 'model.bin')).toMatchObject({
    size: large.length,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const response = await request(fileUrl({ ...at(), commit }, 'a b/ü?.txt'), 'text');
  expect(await response.text()).toBe('name');
});

test('what is missing is told from what failed', async () => {
  const missing = await resolveRevision(hub.url, 'owner/nothing', 'main').catch((error: unknown) => error);
  expect(isMissing(missing)).toBe(true);
  hub.setFaults([{ path: 'hub:', what: { type: 'status', status: 500 } }]);
  const failed = await resolveRevision(hub.url, repository, 'main').catch((error: unknown) => error);
  expect(isMissing(failed)).toBe(false);
});

test('an answer that is no hub’s is said to be none', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>')));
  await expect(resolveRevision('https://a.test', repository, 'main')).rejects.toThrow('is no JSON');
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ a: 1 })));
  await expect(resolveRevision('https://a.test', repository, 'main')).rejects.toThrow('not as a hub');
});
