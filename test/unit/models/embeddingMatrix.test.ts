import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sentenceOf } from '../../../src/base/userError.ts';
import { writeSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { readEmbeddingMatrix } from '../../../src/lab/models/embeddingMatrix.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { graphModel } from '../../support/graphs.ts';
import { diskModel, madeModel } from '../../support/modelFiles.ts';

/** Row 5 of each graph, by onnx in Python; see make_embedding_rows.py. */
const expected = JSON.parse(
  readFileSync(new URL('../../reference/graphs/embedding_rows.json', import.meta.url), 'utf8'),
) as Record<string, readonly number[]>;

const row = ({ columns, data }: { columns: number; data: Float32Array }, token: number): number[] => [
  ...data.subarray(token * columns, (token + 1) * columns),
];

test.for(Object.entries(expected))(
  'the token embeddings of %s are found by what ids gather',
  async ([form, values]) => {
    const read = await readEmbeddingMatrix(graphModel(form.split('-')[0]!, form), 'onnx/model.onnx');
    expect(read.rows).toBe(60);
    expect(read.columns).toBe(values.length);
    expect(read.data).toHaveLength(60 * values.length);
    for (const [i, value] of row(read, 5).entries()) expect(value).toBeCloseTo(values[i]!, 6);
  },
);

test('a graph whose embeddings are one fused operator has the same matrix', async () => {
  for (const form of ['bert-O2', 'bert-O3']) {
    const read = await readEmbeddingMatrix(graphModel('bert', form), 'onnx/model.onnx');
    for (const [i, value] of row(read, 5).entries()) expect(value).toBeCloseTo(expected.bert![i]!, 6);
  }
});

test('safetensors are read by a range of bytes, and give what the ONNX file gives', async () => {
  const folder = diskModel('public/models/mini-ce');
  let bytes = 0;
  const counted: ModelFiles = {
    ...folder,
    async bytes(path, options) {
      const read = await folder.bytes(path, options);
      bytes += read.length;
      return read;
    },
  };
  const read = await readEmbeddingMatrix(counted, null);
  expect(read.file).toBe('model.safetensors');
  expect(bytes).toBeLessThan(2 ** 16 + read.data.byteLength + 1);
  const onlyOnnx: ModelFiles = { ...folder, has: (path) => Promise.resolve(path.startsWith('onnx/')) };
  const again = await readEmbeddingMatrix(onlyOnnx, 'onnx/model.onnx');
  expect(again.file).toBe('onnx/model.onnx');
  expect(Buffer.from(again.data.buffer).equals(Buffer.from(read.data.buffer))).toBe(true);
});

test('a model without a matrix is refused in a sentence that names it', async () => {
  await expect(readEmbeddingMatrix(madeModel({}), null)).rejects.toThrow(
    'test:made: has neither model.safetensors nor an ONNX file',
  );
  const bytes = writeSafetensors(new Map([['table', { shape: [1, 2], data: new Float32Array(2) }]]));
  const other: ModelFiles = {
    ...madeModel({ 'model.safetensors': '' }),
    bytes: (_, { range } = {}) => Promise.resolve(bytes.slice(range?.[0], range?.[1])),
  };
  const failed = await readEmbeddingMatrix(other, null).catch(sentenceOf);
  expect(failed).toContain('test:made/model.safetensors: has no table of token embeddings');
});
