import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DiskFolder } from '../../../bin/node/diskFolder.ts';

const root = mkdtempSync(join(tmpdir(), 'layerlab-disk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

test('what is written is there for the next one that opens the folder', async () => {
  const written = await new DiskFolder(root).getDirectoryHandle('kept', { create: true });
  const access = await (await written.getFileHandle('a', { create: true })).createSyncAccessHandle();
  expect(access.write(bytes(1, 2, 3), { at: 0 })).toBe(3);
  expect(access.write(bytes(9, 8), { at: 3 })).toBe(2);
  access.truncate(4);
  access.flush();
  access.close();

  const again = await new DiskFolder(root).getDirectoryHandle('kept');
  const file = await (await again.getFileHandle('a')).getFile();
  expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([1, 2, 3, 9]);
  const reader = await (await again.getFileHandle('a')).createSyncAccessHandle();
  const into = new Float32Array(1);
  expect(reader.read(into, { at: 0 })).toBe(4);
  expect([...new Uint8Array(into.buffer)]).toEqual([1, 2, 3, 9]);
  expect(reader.read(new Uint8Array(8), { at: 2 })).toBe(2);
  reader.close();
});

test('what is not there is not found', async () => {
  const folder = new DiskFolder(root);
  const missing = { name: 'NotFoundError' };
  await expect(folder.getDirectoryHandle('none')).rejects.toMatchObject(missing);
  await expect(folder.getFileHandle('none')).rejects.toMatchObject(missing);
  await expect(folder.removeEntry('none')).rejects.toMatchObject(missing);
});

test('a file has one writer, and its lock is no entry of the folder', async () => {
  const folder = await new DiskFolder(root).getDirectoryHandle('locked', { create: true });
  const handle = await folder.getFileHandle('a', { create: true });
  const first = await handle.createSyncAccessHandle();
  await expect(handle.createSyncAccessHandle()).rejects.toMatchObject({ name: 'NoModificationAllowedError' });
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  expect(names).toEqual(['a']);
  first.close();
  (await handle.createSyncAccessHandle()).close();
});

test('the lock of a process that was killed is taken over, that of another machine is not', async () => {
  const folder = await new DiskFolder(root).getDirectoryHandle('abandoned', { create: true });
  const handle = await folder.getFileHandle('a', { create: true });
  const lock = join(root, 'abandoned', 'a.~lock');
  // No system counts its processes so far.
  writeFileSync(lock, `${hostname()} 99999999`);
  (await handle.createSyncAccessHandle()).close();
  writeFileSync(lock, 'elsewhere.example 1');
  await expect(handle.createSyncAccessHandle()).rejects.toMatchObject({ name: 'NoModificationAllowedError' });
});

test('a folder is removed with all in it only when that is said', async () => {
  const folder = new DiskFolder(root);
  const full = await folder.getDirectoryHandle('full', { create: true });
  await full.getFileHandle('a', { create: true });
  await expect(folder.removeEntry('full')).rejects.toThrow();
  await folder.removeEntry('full', { recursive: true });
  await expect(folder.getDirectoryHandle('full')).rejects.toMatchObject({ name: 'NotFoundError' });
});
