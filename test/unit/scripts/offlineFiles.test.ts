import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { offlineFiles } from '../../../scripts/offlineFiles.ts';
import { keptAddress } from '../../../workers/offline/files.ts';

test('the page is kept by itself, large files on request, maps and the service worker never', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerlab-offline-'));
  try {
    for (const path of [
      'index.html',
      'assets/page-1.js',
      'assets/page-1.js.map',
      'assets/runtime-1.wasm',
      'models/ce/onnx/model.onnx',
      'stored/report.json',
      'stored/vectors/a.safetensors',
      'service-worker.js',
      'offline-files.json',
    ]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), 'abc');
    }
    const { app, further } = offlineFiles(folder);
    expect(app.map(({ path }) => path)).toEqual(['assets/page-1.js', 'index.html', 'stored/report.json']);
    expect(further.map(({ path }) => path)).toEqual([
      'assets/runtime-1.wasm',
      'models/ce/onnx/model.onnx',
      'stored/vectors/a.safetensors',
    ]);
    // SHA-256 of "abc", FIPS 180-2, appendix B.1.
    expect(further[0]).toMatchObject({ revision: 'ba7816bf8f01cfea', bytes: 3 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file of another build is kept under another address', () => {
  const file = { path: 'models/ce/model.onnx', revision: 'aa', bytes: 1 };
  const base = 'https://host/lab/';
  expect(keptAddress(base, file)).toBe('https://host/lab/models/ce/model.onnx?revision=aa');
  expect(keptAddress(base, { ...file, revision: 'bb' })).not.toBe(keptAddress(base, file));
});
