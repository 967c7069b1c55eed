import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fetchFile, filesBase } from '../../../bin/node/fetchFiles.ts';

const root = mkdtempSync(join(tmpdir(), 'layerlab-fetch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const folder of ['page/models', 'data/set/qrels']) mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(root, 'page/models/a b.bin'), 'abcdef');
writeFileSync(join(root, 'data/set/corpus.jsonl'), '{}\n');
writeFileSync(join(root, 'data/set/qrels/test.tsv'), '');
writeFileSync(join(root, 'secret'), 'secret');

const folders = { page: join(root, 'page'), data: join(root, 'data') };
const ask = (path: string, init?: RequestInit): Response => fetchFile(filesBase + path, init, folders);

test('a file of the page comes whole, or in part where a range is asked for', async () => {
  expect(await ask('models/a%20b.bin').text()).toBe('abcdef');
  const part = ask('models/a%20b.bin', { headers: { Range: 'bytes=2-3' } });
  expect(part.status).toBe(206);
  expect(await part.text()).toBe('cd');
  expect(await ask('models/a%20b.bin', { headers: { Range: 'bytes=4-' } }).text()).toBe('ef');
});

test('HEAD tells of a file without it', async () => {
  const head = ask('models/a%20b.bin', { method: 'HEAD' });
  expect(head.headers.get('Content-Length')).toBe('6');
  expect(await head.text()).toBe('');
});

test("a folder of the user's answers with the list of its files", async () => {
  const list = ask('__local/data/set');
  expect(list.headers.get('Content-Type')).toContain('application/json');
  expect(((await list.json()) as string[]).sort()).toEqual(['corpus.jsonl', 'qrels/test.tsv']);
});

test.each([
  'models',
  'models/none',
  '__local/models/x',
  '../secret',
  '..%2Fsecret',
  '__local/data/..%2F..%2Fsecret',
])('%s is not there', (path) => {
  expect(ask(path).status).toBe(404);
});
