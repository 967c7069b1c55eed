import { expect, it } from 'vitest';
import { listDifference, markShared } from '../../../src/lab/explore/listDifference.ts';

it('tells what a list gains, loses and shares, in the order of each list', () => {
  expect(listDifference([5, 3, 9], [9, 7, 5])).toEqual({ gained: [3], lost: [7], shared: [5, 9] });
});

it('marks the words that a document shares with the query, whatever their case', () => {
  expect(markShared('The cat, a CAT.', 'cat the')).toEqual([
    { text: 'The', shared: true },
    { text: ' ', shared: false },
    { text: 'cat', shared: true },
    { text: ', a ', shared: false },
    { text: 'CAT', shared: true },
    { text: '.', shared: false },
  ]);
});

it('leaves a text without shared words in one piece', () => {
  expect(markShared('nothing here 🙂', 'else')).toEqual([{ text: 'nothing here 🙂', shared: false }]);
  expect(markShared('', 'else')).toEqual([]);
});
