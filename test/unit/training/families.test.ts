import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { mostTokens } from '../../../src/base/bertShape.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { openLayerSession } from '../../../src/lab/models/session.ts';
import { readTokenizer, singleEncoder } from '../../../src/lab/models/tokenise.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { trainSchema } from '../../../src/lab/spec/spec.ts';
import { initialModel } from '../../../src/lab/training/initialise.ts';
import { type FolderFile, modelFolder } from '../../../src/lab/training/modelFolder.ts';
import '../../support/allclose.ts';
import { diskModel } from '../../support/modelFiles.ts';
import { referenceTensors, tensorOf } from '../../support/reference.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const root = mkdtempSync(join(tmpdir(), 'layerlab-families-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A cross encoder of test/reference/families with one of the tokenisers of test/reference/sentence-transformers. */
function source(family: string, tokenizer: string): ModelFiles {
  const model = diskModel(`test/reference/families/${family}`);
  const itsTokenizer = diskModel(`test/reference/sentence-transformers/${tokenizer}`);
  const of = (path: string): ModelFiles => (path.startsWith('tokenizer') ? itsTokenizer : model);
  return {
    source: model.source,
    has: (path) => of(path).has(path),
    text: (path) => of(path).text(path),
    bytes: (path, options) => of(path).bytes(path, options),
  };
}

/** The folder of a model that took no step, so that its vectors are those of what it began with. */
async function untrained(files: ModelFiles): Promise<FolderFile[]> {
  const model = await initialModel({ init: 'ce', layers: 2, copyLayers: 2 }, 1, files);
  const train = trainSchema.parse({ name: 'made' });
  return await modelFolder(model, files, train.maxLength, {
    train,
    seed: 1,
    source: files.source,
    data: [],
    steps: [],
    results: [],
    version: 'test',
  });
}

function write(name: string, files: readonly FolderFile[]): void {
  for (const { path, bytes } of files) {
    const to = join(root, name, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, bytes);
  }
}

async function byLab(name: string, texts: readonly string[], maxLength: number): Promise<Float32Array> {
  const path = (file: string): string => join(root, name, file);
  const files: ModelFiles = {
    source: `local:${name}`,
    has: (file) => Promise.resolve(/^(tokenizer.*\.json|onnx\/model\.onnx)$/.test(file)),
    text: (file) => Promise.resolve(readFileSync(path(file), 'utf8')),
    bytes: (file) => Promise.resolve(new Uint8Array(readFileSync(path(file)))),
  };
  const adapter = { kind: 'none', description: 'there is none in Node' } as const;
  const session = await openLayerSession({ files, kind: 'de', dtype: 'auto', backend: 'wasm', adapter }, [2]);
  const { padTokenId } = session.info;
  const encoder = singleEncoder(await readTokenizer(files), { rule: 'all' }, maxLength, padTokenId);
  const rows = texts.map((text) => encoder.encode(text));
  const pooled = await session.pooled(padBatch(rows, padTokenId));
  await session.dispose();
  return pooled;
}

describe.each([
  ['roberta', 'roberta', 'RobertaModel'],
  ['xlm-roberta', 'xlmr', 'XLMRobertaModel'],
  ['electra', 'bert', 'ElectraModel'],
])('a dual encoder from a cross encoder of the family %s', (family, tokenizer, architecture) => {
  const files = source(family, tokenizer);

  test('is a folder of that family', async () => {
    const made = await untrained(files);
    const read = (path: string): Record<string, unknown> =>
      JSON.parse(new TextDecoder().decode(made.find((one) => one.path === path)?.bytes)) as Record<
        string,
        unknown
      >;
    expect(read('config.json')).toMatchObject({ model_type: family, architectures: [architecture] });
    expect(read('sentence_bert_config.json')).toMatchObject({ max_seq_length: 32 });
    const tokenizerClass = JSON.parse(await files.text('tokenizer_config.json')) as object;
    expect(read('tokenizer_config.json')).toEqual({ ...tokenizerClass, model_max_length: 32 });
  });

  test('embeds in the lab and in transformers.js as sentence-transformers does', async () => {
    write(family, await untrained(files));
    const { texts } = JSON.parse(await files.text('steps.json')) as { readonly texts: string[] };
    const expected = tensorOf(referenceTensors(`families/${family}/steps.safetensors`), 'vectors').data;
    const { shape } = await initialModel({ init: 'random', layers: 1, copyLayers: 0 }, 1, files);
    expect(await byLab(family, texts, mostTokens(shape))).toBeAllclose(expected, { atol: 1e-4 });

    env.allowRemoteModels = false;
    env.localModelPath = root;
    const extractor = await pipeline('feature-extraction', family, { dtype: 'fp32' });
    // Of a text that is too long transformers.js cuts the last special token off too, so it is asked for the others.
    const fitting = [...texts.keys()].filter((row) => texts[row]!.length < 100);
    const theirs = await extractor(
      fitting.map((row) => texts[row]!),
      { pooling: 'mean', normalize: false },
    );
    await extractor.dispose();
    expect(fitting).toHaveLength(3);
    const rows = fitting.flatMap((row) => [
      ...expected.subarray(row * shape.hidden, (row + 1) * shape.hidden),
    ]);
    expect(theirs.data).toBeAllclose(Float32Array.from(rows), { atol: 1e-4 });
  });

  test('begins random where nothing is copied, but for its padding', async () => {
    const { shape, weights } = await initialModel({ init: 'random', layers: 2, copyLayers: 0 }, 5, files);
    const positions = weights.get('embeddings.position_embeddings.weight')!;
    const empty = Array.from({ length: positions.shape[0]! }, (_, row) => row).filter((row) => {
      const width = positions.shape[1]!;
      return positions.data.subarray(row * width, (row + 1) * width).every((value) => value === 0);
    });
    expect(empty).toEqual(family === 'electra' ? [] : [1]);
    expect(mostTokens(shape)).toBe(32);
  });
});
