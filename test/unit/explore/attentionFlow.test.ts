import { expect, it } from 'vitest';
import { attentionBlock, headFlows } from '../../../src/lab/explore/attentionFlow.ts';

// Two heads over four tokens: [CLS] q d [SEP]. Head 0 keeps to itself, head 1 crosses from q to d.
const attention = Float32Array.from(
  [
    [1, 0, 0, 0, 0, 0.75, 0.25, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    [1, 0, 0, 0, 0, 0, 1, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 1],
  ].flat(),
);

it('ranks heads by how much attention crosses', () => {
  expect(headFlows(attention, 2, { query: [1], document: [2] })).toEqual([
    { head: 1, queryToDocument: 1, documentToQuery: 0.5 },
    { head: 0, queryToDocument: 0.25, documentToQuery: 0 },
  ]);
});

it('gives one head, or the mean of all', () => {
  expect([...attentionBlock(attention, 2, 0, [1], [2, 1])]).toEqual([0.25, 0.75]);
  expect([...attentionBlock(attention, 2, null, [1], [2, 1])]).toEqual([0.625, 0.375]);
});

it('says 0 where a text has no token', () => {
  expect(headFlows(attention, 2, { query: [], document: [2] })[0]).toEqual({
    head: 0,
    queryToDocument: 0,
    documentToQuery: 0,
  });
});
