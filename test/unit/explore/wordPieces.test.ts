import { expect, it } from 'vitest';
import { joinMatrix, joinWordPieces, plainToken } from '../../../src/lab/explore/wordPieces.ts';

const textsOf = (tokens: readonly string[]): string[] => joinWordPieces(tokens).map(({ text }) => text);

it('joins WordPiece tokens', () => {
  expect(joinWordPieces(['un', '##believ', '##able', '!', 'yes'])).toEqual([
    { text: 'unbelievable', from: 0, to: 3 },
    { text: '!', from: 3, to: 4 },
    { text: 'yes', from: 4, to: 5 },
  ]);
});

it('joins Unigram and byte-level tokens, which mark where a word begins', () => {
  expect(textsOf(['▁un', 'believ', 'able', '!', '▁yes'])).toEqual(['unbelievable', '!', 'yes']);
  expect(textsOf(['un', 'believable', 'Ġyes'])).toEqual(['unbelievable', 'yes']);
});

it('leaves whole words, and a token that is only the mark, as they are', () => {
  expect(textsOf(['a', 'b'])).toEqual(['a', 'b']);
  expect(plainToken('##')).toBe('##');
});

it('takes the mean over row pieces of the largest in the column word, worked by hand', () => {
  const rows = [{ text: 'ab', from: 0, to: 2 }];
  const columns = [
    { text: 'c', from: 0, to: 1 },
    { text: 'de', from: 1, to: 3 },
  ];
  const joined = joinMatrix(Float32Array.of(0.5, 0.25, 1, 0, 0.75, 0.5), 3, rows, columns);
  expect([...joined]).toEqual([0.25, 0.875]);
});
