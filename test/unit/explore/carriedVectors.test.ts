import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { judgeTexts, readBeirTexts } from '../../../src/lab/data/beir.ts';
import { collectionHash } from '../../../src/lab/data/hash.ts';
import { sampleCollection } from '../../../src/lab/data/sample.ts';
import { readStoredVectors, storedSample } from '../../../src/lab/explore/storedVectors.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../../../src/lab/models/tokenise.ts';
import { bundledCollections, defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { diskModel } from '../../support/modelFiles.ts';
import { source } from '../../support/source.ts';

const read = (path: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../public/${path}`, import.meta.url)));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hashes = JSON.parse(read('stored/vectors/index.json').toString()) as Record<string, string>;
const { pooling, maxLength } = defaultSpec();
const rows = {
  ce: selfPairEncoder(await readTokenizer(diskModel('public/models/mini-ce')), pooling, maxLength, 0).key,
  de: singleEncoder(
    await readTokenizer(diskModel('public/models/mini-de')),
    { rule: 'sentence', cls: pooling.cls },
    maxLength,
    0,
  ).key,
};
const models = {
  ce: sha256(read('models/mini-ce/onnx/model.onnx')),
  de: sha256(read('models/mini-de/onnx/model.onnx')),
};

test.each(bundledCollections.map((one) => one.slice('bundled:'.length)))(
  'the vectors that the page carries of %s are of the sample that is shown, under the bundled pair',
  async (name) => {
    const file = (path: string) => source(path, read(`datasets/${name}/${path}`), 1 << 16);
    const { collection } = await judgeTexts(
      await readBeirTexts(file('corpus.jsonl'), file('queries.jsonl')),
      file('qrels/test.tsv'),
      { name, title: name, source: `bundled:${name}`, split: 'test' },
    );
    const bytes = read(`stored/vectors/${name}.safetensors`);
    expect(sha256(bytes)).toBe(hashes[name]);
    const sample = sampleCollection(collection, storedSample);
    const vectors = readStoredVectors(bytes, { collection: collectionHash(sample), models, rows }, name);
    expect(vectors?.ce.layers).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(vectors?.de.texts).toBe(storedSample.documents);
  },
);

test('they take at most 8 MB in all', () => {
  const all = Object.keys(hashes).map((name) => read(`stored/vectors/${name}.safetensors`).length);
  expect(all).toHaveLength(bundledCollections.length);
  expect(all.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8e6);
});
