import * as Comlink from 'comlink';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { StoreDescription } from '../../src/lab/cache/opfs.ts';
import type { OpfsWorker } from '../support/opfsWorker.ts';
import { freshRandom } from '../support/random.ts';

const worker = new Worker(new URL('../support/opfsWorker.ts', import.meta.url), { type: 'module' });
const opfs = Comlink.wrap<OpfsWorker>(worker);
afterAll(() => worker.terminate());
beforeEach(() => opfs.clear());

const description: StoreDescription = {
  source: 'bundled:a',
  model: 'abc',
  tokenizer: 'def',
  layers: [0, 2, 5],
  hiddenSize: 7,
  rows: 'single 256',
};

test('vectors come back exactly, by text, also when the store grows', async () => {
  const random = freshRandom();
  const texts = ['one', 'zwei', '三', ''];
  const vectors = texts.map(() => random.normal(21));
  await opfs.write(description, texts.slice(0, 2), vectors.slice(0, 2));
  await opfs.write(description, texts.slice(2), vectors.slice(2));
  expect(await opfs.read(description, ['三', 'nothing', 'one', ''])).toEqual([
    vectors[2],
    undefined,
    vectors[0],
    vectors[3],
  ]);
  const [store] = await opfs.list();
  expect(store).toMatchObject({ texts: 4 });
});

test('another model, layer list or pooling is another store; another source of the same model is not', async () => {
  const vector = freshRandom().normal(21);
  await opfs.write(description, ['text'], [vector]);
  for (const other of [
    { ...description, model: 'xyz' },
    { ...description, layers: [0, 2, 4] },
    { ...description, rows: 'single 128' },
    { ...description, tokenizer: 'ghi' },
  ]) {
    expect(await opfs.read(other, ['text'])).toEqual([undefined]);
  }
  expect(await opfs.read({ ...description, source: 'hub:owner/a' }, ['text'])).toEqual([vector]);
});

test('a store in use is not opened twice, and that is said', async () => {
  const { second, notices } = await opfs.openTwice(description);
  expect(second).toBe(false);
  expect(notices).toEqual([expect.stringContaining('Another tab or run is using the stored embeddings')]);
});

test('what was half-written is forgotten, the rest is kept', async () => {
  const random = freshRandom();
  const vectors = [random.normal(21), random.normal(21)];
  await opfs.write(description, ['kept', 'cut'], vectors);
  await opfs.damage();
  expect(await opfs.read(description, ['kept', 'cut'])).toEqual([vectors[0], undefined]);
});

test('of a batch that was cut off nothing is kept, also where its last keys were written', async () => {
  const random = freshRandom();
  const vectors = [random.normal(21), random.normal(21), random.normal(21)];
  await opfs.write(description, ['kept'], vectors.slice(0, 1));
  await opfs.write(description, ['first', 'second'], vectors.slice(1));
  await opfs.blankKey(1);
  expect(await opfs.read(description, ['kept', 'first', 'second'])).toEqual([
    vectors[0],
    undefined,
    undefined,
  ]);
  await opfs.write(description, ['first', 'second'], vectors.slice(1));
  expect(await opfs.read(description, ['second', 'first'])).toEqual([vectors[2], vectors[1]]);
});

test('stores are not cleared while one is in use', async () => {
  const vector = freshRandom().normal(21);
  await opfs.write(description, ['text'], [vector]);
  expect(await opfs.clearInUse(description)).toContain('Another tab is using the stored embeddings');
  expect(await opfs.read(description, ['text'])).toEqual([vector]);
});

test('where the browser grants no more, the run goes on, and what was stored before is there', async () => {
  const random = freshRandom();
  const wide = { ...description, hiddenSize: 50_000 };
  const texts = Array.from({ length: 6 }, (_, row) => `text ${row}`);
  const vectors = texts.map(() => random.normal(150_000));
  expect(await opfs.fill(wide, texts, vectors, 2_000_000)).toEqual([
    'The storage that the browser allows is full; the run goes on, but stores no more embeddings.',
  ]);
  // A vector takes 600,000 bytes.
  expect(await opfs.read(wide, texts)).toEqual([
    ...vectors.slice(0, 3),
    ...texts.slice(3).map(() => undefined),
  ]);
});

test('one store is cleared, and the others stay', async () => {
  const vector = freshRandom().normal(21);
  const other = { ...description, model: 'xyz' };
  for (const one of [description, other]) await opfs.write(one, ['text'], [vector]);
  const ids = (await opfs.list()).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  await opfs.clearOne(ids[0]!);
  expect((await opfs.list()).map(({ id }) => id)).toEqual([ids[1]]);
  const left = await Promise.all([opfs.read(description, ['text']), opfs.read(other, ['text'])]);
  expect(left.flat().filter((one) => one)).toEqual([vector]);
});

test('clearing leaves nothing', async () => {
  await opfs.write(description, ['text'], [freshRandom().normal(21)]);
  await opfs.clear();
  expect(await opfs.list()).toEqual([]);
  expect(await opfs.read(description, ['text'])).toEqual([undefined]);
});
