import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { npyHeader, readNpy } from '../../../src/lab/formats/npy.ts';
import { readSafetensors, writeSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { writeQrels, writeRun } from '../../../src/lab/formats/trec.ts';
import { freshRandom } from '../../support/random.ts';

function npy(shape: readonly number[], data: Float32Array): Uint8Array<ArrayBuffer> {
  const header = npyHeader(shape);
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

test('a .npy header is what NumPy writes, and reads back', () => {
  const header = npyHeader([3, 5]);
  expect(header.length % 64).toBe(0);
  expect(Buffer.from(header.subarray(10)).toString().trimEnd()).toBe(
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }",
  );
  expect(header.at(-1)).toBe(0x0a);
  const data = freshRandom().normal(15);
  expect(readNpy(npy([3, 5], data), 'a.npy')).toEqual({ shape: [3, 5], data });
  expect(readNpy(npy([4], data.slice(0, 4)), 'a.npy').shape).toEqual([4]);
});

test('what is no float32 .npy is refused by name', () => {
  expect(() => readNpy(new TextEncoder().encode('hello there'), 'a.npy')).toThrow(
    'a.npy: is not a .npy file',
  );
  expect(() => readNpy(npy([3, 5], new Float32Array(7)), 'a.npy')).toThrow('a.npy');
});

test('safetensors go there and back, at odd sizes', () => {
  const random = freshRandom();
  const tensors = new Map(
    ['b.weight', 'a.bias', 'scalar'].map((name, i) => {
      const shape = [[3, 7], [5], []][i]!;
      return [name, { shape, data: random.normal(shape.reduce((size, n) => size * n, 1)) }] as const;
    }),
  );
  const read = readSafetensors(writeSafetensors(tensors, { step: '3' }), 'a.safetensors');
  expect([...read].map(([name, { shape, data }]) => [name, { shape, data }]).sort()).toEqual(
    [...tensors].sort(),
  );
});

test('the reference tensors have the shapes of their configuration', () => {
  const file = new URL('../../reference/cross-encoder/model.safetensors', import.meta.url);
  const tensors = readSafetensors(readFileSync(file));
  const words = [...tensors].find(([name]) => name.endsWith('embeddings.word_embeddings.weight'));
  const config = JSON.parse(
    readFileSync(new URL('../../reference/cross-encoder/config.json', import.meta.url), 'utf8'),
  ) as { vocab_size: number; hidden_size: number };
  expect(words?.[1].shape).toEqual([config.vocab_size, config.hidden_size]);
  expect(existsSync(file)).toBe(true);
});

test('a broken safetensors file says what is wrong with it', () => {
  const whole = writeSafetensors(new Map([['a', { shape: [4], data: new Float32Array(4) }]]));
  expect(() => readSafetensors(whole.subarray(0, 5), 'a.safetensors')).toThrow('fewer than 8 bytes');
  expect(() => readSafetensors(whole.subarray(0, whole.length - 3), 'a.safetensors')).toThrow(
    'a.safetensors: is cut off inside "a"',
  );
});

const collection: Collection = {
  name: 'n',
  title: 'N',
  source: 'folder:n',
  split: 'test',
  queries: { ids: ['q1', 'q 2'], texts: ['', ''] },
  corpus: { ids: ['d1', 'd2', 'd3'], texts: ['', '', ''] },
  qrels: [new Map([[0, 2]]), new Map([[2, 1]])],
};

test('runs and qrels are in TREC format, ids without spaces, lists that end early cut', () => {
  const run = writeRun(
    collection,
    { documents: Int32Array.of(2, 0, 1, -1), scores: Float32Array.of(0.5, 0.25, 1, 0) },
    'ce-layer-0',
  );
  const rows = run.trimEnd().split('\n');
  expect(rows[0]).toMatch(/^q1 Q0 d3 1 0\.5\d* ce-layer-0$/);
  expect(rows).toHaveLength(3);
  expect(rows.every((row) => row.split(' ').length === 6)).toBe(true);
  expect(writeQrels(collection).split('\n')[0]).toBe('q1 0 d1 2');
});
