import { expect, test } from 'vitest';
import { readList, wrongList } from '../../../src/lab/spec/copiedLayers.ts';

test.each([
  ['0, 5', [0, 5]],
  [' 3 1,2 ', [3, 1, 2]],
  ['47', [47]],
  ['', null],
  ['one', null],
  ['1.5', null],
  ['-1', null],
])('"%s" names the layers %j', (text, layers) => {
  expect(readList(text)).toEqual(layers);
});

test.each([
  ['', 2, null],
  ['0, 5', 2, null],
  ['0, 1, 2', 2, 'The model has 2 layers; name as many at most.'],
  ['48', 2, 'Enter numbers from 0 to 47, such as 0, 5.'],
  ['first', 2, 'Enter numbers from 0 to 47, such as 0, 5.'],
])('of "%s" for a model of %i layers it is said: %j', (text, layers, sentence) => {
  expect(wrongList(text, layers)).toBe(sentence);
});
