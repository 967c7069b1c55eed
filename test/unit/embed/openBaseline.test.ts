import { expect, test, vi } from 'vitest';
import { openBaseline } from '../../../src/lab/embed/openBaseline.ts';
import type { OpenedModel } from '../../../src/lab/embed/openModel.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { ownSettings } from '../../../src/lab/models/sentenceTransformers/ownReading.ts';
import type { RowEncoder } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { caseFiles, type EmbedderCase, reference } from '../../support/sentenceTransformers.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

type Baseline = Omit<OpenedModel, 'tokenizerHash'>;
// The first session waits for the runtime to be compiled.
vi.setConfig({ testTimeout: 60_000 });

const adapter = { kind: 'none', description: 'there is none in Node' } as const;

function open(one: EmbedderCase, settings = ownSettings): Promise<Baseline> {
  return openBaseline(
    { files: caseFiles(one), kind: 'de', dtype: 'fp32', backend: 'wasm', adapter },
    settings,
  );
}

function caseNamed(name: string): EmbedderCase {
  return reference.embedders.find((one) => one.name === name)!;
}

async function vectors({ session }: Baseline, encoder: RowEncoder): Promise<Float32Array> {
  const rows = reference.texts.map((text) => encoder.encode(text));
  return await session.pooled(padBatch(rows, encoder.padTokenId));
}

test.each(reference.embedders)('$name: vectors are those of sentence-transformers', async (one) => {
  const model = await open(one);
  const documents = one.documents ?? one.queries;
  expect(model.similarity).toBe(one.similarity);
  expect(model.session.info.hiddenSize).toBe(documents[0]!.length);
  expect(await vectors(model, model.encoder)).toBeAllclose(documents.flat(), { atol: 1e-5 });
  expect(await vectors(model, model.queryEncoder!)).toBeAllclose(one.queries.flat(), { atol: 1e-5 });
  await model.session.dispose();
});

test('what was read is said in one sentence', async () => {
  const { session, notes } = await open(caseNamed('everything'));
  expect(session.info.reading).toBe(
    'max + mean over at most 32 tokens; "query: " before queries; "passage: " before documents; Dense 32 → 8, ReLU; normalised to length 1; 8 numbers, by dot product',
  );
  expect(notes).toEqual([]);
  await session.dispose();
  const plain = await open(caseNamed('no modules'));
  expect(plain.notes).toEqual([
    'test:no modules has no modules.json; it is pooled by the mean over its tokens, as sentence-transformers does then.',
  ]);
  await plain.session.dispose();
});

test('without prompts, queries are read as sentence-transformers reads them with an empty one', async () => {
  const model = await open(caseNamed('prompts'), { ...ownSettings, prompts: 'none' });
  const plain = caseNamed('mean').queries.flat();
  expect(await vectors(model, model.queryEncoder!)).toBeAllclose(plain, { atol: 1e-5 });
  await model.session.dispose();
});

test("prompts of a spec take the place of the model's own", async () => {
  const given = { query: 'query: ', document: 'passage: ' };
  const model = await open(caseNamed('mean'), { ...ownSettings, prompts: given });
  const { queries, documents } = caseNamed('prompts');
  expect(await vectors(model, model.queryEncoder!)).toBeAllclose(queries.flat(), { atol: 1e-5 });
  expect(await vectors(model, model.encoder)).toBeAllclose(documents!.flat(), { atol: 1e-5 });
  await model.session.dispose();
});

test('fewer dimensions are the first ones; more than there are is refused', async () => {
  const one = caseNamed('dense');
  const model = await open(one, { ...ownSettings, dimensions: 3 });
  const firsts = one.queries.flatMap((vector) => vector.slice(0, 3));
  expect(await vectors(model, model.encoder)).toBeAllclose(firsts, { atol: 1e-5 });
  await model.session.dispose();
  await expect(open(one, { ...ownSettings, dimensions: 9 })).rejects.toThrow(
    'field "models.de.dimensions": is 9, but test:dense gives vectors of 8 numbers; lower it.',
  );
});

test('a name in a cache has the prompt that was read with the text', async () => {
  const { encoder, queryEncoder, session } = await open(caseNamed('prompts'));
  expect([encoder.prompt, queryEncoder?.prompt]).toEqual(['passage: ', 'query: ']);
  expect(encoder.key).toBe(queryEncoder?.key);
  await session.dispose();
});
