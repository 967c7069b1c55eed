import { expect, test } from 'vitest';
import type { EmbeddingStore } from '../../../src/lab/cache/embeddingStore.ts';
import { type EmbedOptions, type EmbedProgress, embedTexts } from '../../../src/lab/embed/embedTexts.ts';
import { characterEncoder, fakeSession, fakeVector } from '../../support/fakeModel.ts';
import { freshRandom } from '../../support/random.ts';

const layers = [0, 2];

function someTexts(count: number): string[] {
  const random = freshRandom();
  return Array.from({ length: count }, () =>
    Array.from({ length: random.int(1, 30) }, () => String.fromCharCode(random.int(97, 100))).join(''),
  );
}

function options(
  change: Partial<EmbedOptions> = {},
): EmbedOptions & { session: ReturnType<typeof fakeSession> } {
  return {
    session: fakeSession(layers),
    encoder: characterEncoder,
    store: null,
    batching: { tokens: 64, run: 64 },
    chunkSize: 17,
    signal: new AbortController().signal,
    ...change,
  } as EmbedOptions & { session: ReturnType<typeof fakeSession> };
}

function memoryStore(): EmbeddingStore & { readonly kept: Map<string, Float32Array> } {
  const kept = new Map<string, Float32Array>();
  return {
    kept,
    read: (texts) => Promise.resolve(texts.map((text) => kept.get(text))),
    write: (texts, vectors) => {
      for (const [i, text] of texts.entries()) kept.set(text, vectors[i]!.slice());
      return Promise.resolve();
    },
  };
}

async function embedded(texts: readonly string[], given: EmbedOptions): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  const order = Int32Array.from(texts, (_, row) => texts.length - 1 - row);
  for await (const { rows, vectors } of embedTexts(texts, order, given)) {
    const width = vectors.length / rows.length;
    for (const [i, row] of rows.entries()) {
      expect(found.has(row)).toBe(false);
      found.set(row, [...vectors.subarray(i * width, (i + 1) * width)]);
    }
  }
  return found;
}

const vectorOf = (text: string): number[] => [
  ...Float32Array.from(layers.flatMap((layer) => fakeVector(text, layer))),
];

test('every row gets its own text’s vectors, whatever the order, batches and repeats', async () => {
  const texts = someTexts(120);
  const given = options();
  const found = await embedded(texts, given);
  expect([...found].sort(([a], [b]) => a - b).map(([, vector]) => vector)).toEqual(texts.map(vectorOf));
});

test('a text that repeats is run once', async () => {
  const given = options();
  await embedded(['same', 'other', 'same', 'same'], given);
  expect(given.session.batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
});

test('what is stored is not run again, and gives the same vectors', async () => {
  const texts = someTexts(50);
  const store = memoryStore();
  const first = await embedded(texts, options({ store }));
  expect(store.kept.size).toBe(new Set(texts).size);
  const again = options({ store });
  expect(await embedded(texts, again)).toEqual(first);
  expect(again.session.batches).toEqual([]);
});

test('a cancelled pass keeps what it has computed', async () => {
  const texts = Array.from({ length: 60 }, (_, i) => `text number ${i}`);
  const controller = new AbortController();
  const store = memoryStore();
  const given = options({
    store,
    signal: controller.signal,
    onProgress: ({ texts: done }) => done > 20 && controller.abort(),
  });
  await expect(embedded(texts, given)).rejects.toMatchObject({ name: 'AbortError' });
  expect(store.kept.size).toBeGreaterThan(0);
  expect(store.kept.size).toBeLessThan(60);
});

test('progress counts repeats and stored texts as done', async () => {
  const store = memoryStore();
  await embedded(['b'], options({ store }));
  const seen: EmbedProgress[] = [];
  await embedded(['aa', 'b', 'aa', 'c'], options({ store, onProgress: (now) => seen.push({ ...now }) }));
  expect(seen.at(-1)).toMatchObject({
    texts: 4,
    cached: 1,
    computedTexts: 2,
    computedCharacters: 3,
    characters: 6,
  });
});
