import { expect, test } from 'vitest';
import { padBatch } from '../../../src/lab/models/batch.ts';
import {
  pairEncoder,
  readTokenizer,
  selfPairEncoder,
  singleEncoder,
} from '../../../src/lab/models/tokenise.ts';
import type { EncodedText } from '../../../src/lab/models/types.ts';
import { diskModel, madeModel } from '../../support/modelFiles.ts';

const tokenizer = await readTokenizer(diskModel('public/models/mini-ce'));
const id = (token: string): number => tokenizer.encode(token, { add_special_tokens: false }).ids[0]!;
const cls = tokenizer.encode('a').ids[0]!;
const sep = tokenizer.encode('a').ids.at(-1)!;
const text = 'the cat sat on the mat';
const content = tokenizer.encode(text, { add_special_tokens: false }).ids;

function pooledIds({ inputIds, pool }: EncodedText): number[] {
  return [...inputIds].filter((_, at) => pool[at] === 1);
}

test.each([
  ['both', false, [...content, ...content]],
  ['both', true, [cls, ...content, ...content]],
  ['first', false, content],
  ['first', true, [cls, ...content]],
] as const)('a self pair pooled over %s, [CLS] %s', (segments, withCls, pooled) => {
  const row = selfPairEncoder(tokenizer, { segments, cls: withCls }, 64, 0).encode(text);
  expect([...row.inputIds]).toEqual([cls, ...content, sep, ...content, sep]);
  expect([...row.tokenTypeIds]).toEqual([
    ...new Array(content.length + 2).fill(0),
    ...new Array(content.length + 1).fill(1),
  ]);
  expect(pooledIds(row)).toEqual(pooled);
});

test('a self pair is cut so that both copies fit, and are equal', () => {
  for (const maxLength of [5, 6, 9, 10]) {
    const row = selfPairEncoder(tokenizer, { segments: 'both', cls: false }, maxLength, 0).encode(text);
    const room = Math.floor((maxLength - 3) / 2);
    const kept = content.slice(0, room);
    expect([...row.inputIds]).toEqual([cls, ...kept, sep, ...kept, sep]);
  }
});

test.each([
  [{ rule: 'sentence', cls: false }, content],
  [{ rule: 'sentence', cls: true }, [cls, ...content]],
  [{ rule: 'all' }, [cls, ...content, sep]],
] as const)('a single sentence pooled by %j', (pooling, pooled) => {
  const row = singleEncoder(tokenizer, pooling, 64, 0).encode(text);
  expect([...row.inputIds]).toEqual([cls, ...content, sep]);
  expect(pooledIds(row)).toEqual(pooled);
});

test('a text of which nothing is left is read at [CLS]; a long one is cut', () => {
  const encoder = singleEncoder(tokenizer, { rule: 'sentence', cls: false }, 7, 0);
  expect(pooledIds(encoder.encode(' \u0000 '))).toEqual([cls]);
  expect(encoder.encode(text.repeat(500)).inputIds).toHaveLength(7);
  expect(encoder.encode('\u{1f600} \u4f60\u597d').inputIds.length).toBeGreaterThan(2);
});

test('no room for a text is said', () => {
  expect(() => selfPairEncoder(tokenizer, { segments: 'both', cls: false }, 4, 0)).toThrow(
    'field "maxLength": 4 tokens hold no pair of texts',
  );
});

test('a model without tokenizer.json is named', async () => {
  await expect(readTokenizer(madeModel({}))).rejects.toThrow(
    'test:made: has no tokenizer.json; save the tokeniser',
  );
});

test('tokenizer.json alone is enough', async () => {
  const alone = await readTokenizer({
    ...diskModel('public/models/mini-ce'),
    has: (path) => Promise.resolve(path === 'tokenizer.json'),
  });
  expect(alone.encode(text).ids).toEqual(tokenizer.encode(text).ids);
});

test.each(['roberta', 'xlmr'])(
  'a self pair <s> A </s></s> B </s> of %s pools the same two segments',
  async (model) => {
    const own = await readTokenizer(diskModel(`test/reference/sentence-transformers/${model}`));
    const words = own.encode(text, { add_special_tokens: false }).ids;
    const [begin, end] = [own.encode(text).ids[0]!, own.encode(text).ids.at(-1)!];
    for (const cls of [false, true]) {
      const row = selfPairEncoder(own, { segments: 'both', cls }, 512, 1).encode(text);
      expect([...row.inputIds]).toEqual([begin, ...words, end, end, ...words, end]);
      expect(pooledIds(row)).toEqual([...(cls ? [begin] : []), ...words, ...words]);
    }
    const first = selfPairEncoder(own, { segments: 'first', cls: false }, 512, 1).encode(text);
    expect(pooledIds(first)).toEqual(words);
  },
);

test('a tokeniser that is no JSON is said by file', async () => {
  const files = madeModel({ 'tokenizer.json': '{', 'tokenizer_config.json': '{}' });
  await expect(readTokenizer(files)).rejects.toThrow('test:made/tokenizer.json: is not JSON');
});

test('rows are padded to the longest, and the weights of a row make a mean', () => {
  const encoder = selfPairEncoder(tokenizer, { segments: 'first', cls: false }, 64, 9);
  const rows = [encoder.encode('cat'), encoder.encode(text)];
  const batch = padBatch(rows, encoder.padTokenId);
  expect(batch.rows).toBe(2);
  expect(batch.tokens).toBe(rows[1]!.inputIds.length);
  expect(batch.inputIds[1]).toBe(BigInt(id('cat')));
  expect(batch.inputIds[batch.tokens - 1]).toBe(9n);
  expect(batch.attentionMask[batch.tokens - 1]).toBe(0n);
  for (let r = 0; r < 2; r++) {
    const weights = batch.poolWeights.subarray(r * batch.tokens, (r + 1) * batch.tokens);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    expect(weights.filter((weight) => weight > 0)).toHaveLength(pooledIds(rows[r]!).length);
  }
});

test('a row says where the tokens of each text stand', () => {
  const spanIds = ({ inputIds, spans }: EncodedText): number[][] =>
    spans.map(([from, to]) => [...inputIds.subarray(from, to)]);
  const pooling = { segments: 'first', cls: true } as const;
  expect(spanIds(selfPairEncoder(tokenizer, pooling, 64, 0).encode(text))).toEqual([content, content]);
  const pairs = pairEncoder(tokenizer, 9, 0);
  expect(spanIds(pairs.join(pairs.content('the cat'), pairs.content(text)))).toEqual([
    content.slice(0, 2),
    content.slice(0, 4),
  ]);
});
