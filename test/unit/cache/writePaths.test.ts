import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as writes from '../../../src/lab/cache/writes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const writesFile = 'src/lab/cache/writes.ts';
const sources = ['src', 'workers'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${folder}/${path}`),
);
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What writes into a browser's storage, however it is called. */
const browserWrites =
  /createSyncAccessHandle|createWritable|create: true|\.setItem\(|\.put\(|\.addAll\(|indexedDB\.|document\.cookie|\b(?:set|setMany|update|promisifyRequest)\b[^;]*from 'idb-keyval'/g;

/** Who calls a function that writes. The service worker keeps the page itself by workbox, before anything is computed. */
const callers = sources.flatMap((path) => {
  if (path === writesFile) return [];
  const text = textOf(path);
  return Object.keys(writes)
    .filter((name) => name !== 'isFull' && name !== 'closeFile' && new RegExp(`\\b${name}\\(`).test(text))
    .map((name) => `${path} ${name}`);
});

const files = 'test/unit/cache/fullStorage.test.ts';
const settings = 'test/unit/state/fullSettings.test.ts';
const browser = 'test/gpu/state/fullStorage.test.ts';

/** Every place that stores something, and the test in which its storage is full. */
const faults: Readonly<Record<string, string>> = {
  'src/app/isolation.ts putSetting': settings,
  'src/lab/cache/fileStore.ts makeMark': files,
  'src/lab/cache/fileStore.ts openFile': files,
  'src/lab/cache/fileStore.ts writeAt': files,
  'src/lab/cache/folder.ts makeFolder': files,
  'src/lab/cache/folder.ts openFile': files,
  'src/lab/cache/folder.ts writeAt': files,
  'src/lab/cache/opfs.ts openFile': files,
  'src/lab/cache/opfs.ts writeAt': files,
  'src/state/hubSettings.ts putSetting': settings,
  'src/state/keptMark.ts putSetting': settings,
  'src/state/lesson.ts putSetting': settings,
  'src/state/offline.ts putInCache': browser,
  'src/state/persistence.ts putSetting': settings,
  'src/state/reproduce/keptResults.ts putRecord': 'test/unit/state/fullReproduce.test.ts',
  'src/state/theme.ts putSetting': settings,
};

test('the browser’s storage is written in one file alone', () => {
  const elsewhere = sources.flatMap((path) =>
    path === writesFile ? [] : [...textOf(path).matchAll(browserWrites)].map(([what]) => `${path}: ${what}`),
  );
  // Who is listed here is to write by a function of that file, which tells full storage alike.
  expect(elsewhere).toEqual([]);
});

test('every place that stores something has a test in which storage is full', () => {
  // Who is missing here needs such a test, and then a line in the table above.
  expect(callers.sort()).toEqual(Object.keys(faults).sort());
  for (const test of Object.values(faults)) expect(existsSync(join(root, test))).toBe(true);
});
