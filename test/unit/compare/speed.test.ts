import { expect, test } from 'vitest';
import { measureSpeed } from '../../../src/lab/compare/speed.ts';
import type { OpenedModel } from '../../../src/lab/embed/openModel.ts';
import type { EncodedText, RowEncoder, TokenBatch } from '../../../src/lab/models/types.ts';

/** A token a word, at most `most` of them. */
function wordEncoder(most: number): RowEncoder {
  return {
    key: `words ${most}`,
    padTokenId: 0,
    encode(text): EncodedText {
      const words = text.split(' ');
      const read = Math.min(words.length, most);
      return {
        inputIds: Int32Array.from(words.slice(0, read), (word) => word.length),
        tokenTypeIds: new Uint8Array(read),
        pool: new Uint8Array(read).fill(1),
        spans: [[0, read]],
        content: { tokens: words.length, known: words.length },
      };
    },
  };
}

/** Tokens of the longest row, without padding. */
function longest({ rows, tokens, attentionMask }: TokenBatch): number {
  const lengths = Array.from({ length: rows }, (_, row) =>
    attentionMask.slice(row * tokens, (row + 1) * tokens).reduce((sum, one) => sum + Number(one), 0),
  );
  return Math.max(...lengths);
}

/** A model that notes of how many rows each batch was, and of how many tokens the longest. */
function noting(most: number, queryEncoder?: RowEncoder) {
  const seen: { readonly rows: number; readonly longest: number }[] = [];
  const info = { parameters: 10, bytes: 40, backend: 'wasm', hiddenSize: 2 };
  const session = {
    info,
    pooled: (batch: TokenBatch) => {
      seen.push({ rows: batch.rows, longest: longest(batch) });
      return Promise.resolve(new Float32Array(2));
    },
  } as unknown as OpenedModel['session'];
  const model: OpenedModel = {
    session,
    encoder: wordEncoder(most),
    tokenizerHash: '',
    ...(queryEncoder ? { queryEncoder } : {}),
  };
  return { model, seen };
}

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');

async function rowsOf(systems: readonly { readonly model: OpenedModel }[], texts: readonly string[]) {
  return await measureSpeed(
    systems.map(({ model }, i) => ({ name: `system ${i}`, model })),
    {
      dataset: 'a',
      texts,
      queries: [words(2), words(9)],
      signal: new AbortController().signal,
      onProgress: () => {},
    },
  );
}

test('systems are timed on texts that all of them read whole', async () => {
  const whole = noting(100);
  const cutting = noting(4);
  const rows = await rowsOf([whole, cutting], [words(3), words(50), words(4), words(5)]);
  for (const row of rows) {
    expect(row.texts).toBe(2);
    expect(row.leftOut).toBe(0.5);
    expect(row.characters).toBe((words(3).length + words(4).length) / 2);
  }
  for (const { seen } of [whole, cutting]) {
    expect(Math.max(...seen.map((batch) => batch.longest))).toBe(4);
    // Of the two queries the one that both read whole.
    expect(seen.filter((batch) => batch.rows === 1)).toHaveLength(1);
  }
});

test('where every text is cut by some system, all are timed', async () => {
  const rows = await rowsOf([noting(100), noting(1)], [words(3), words(50)]);
  for (const row of rows) expect([row.texts, row.leftOut]).toEqual([2, 0]);
});

test('queries are read as the model reads queries', async () => {
  const asking = noting(100, wordEncoder(1));
  await rowsOf([asking], [words(3)]);
  expect(asking.seen.at(-1)?.longest).toBe(1);
});
