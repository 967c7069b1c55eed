import { expect, it } from 'vitest';
import { leaveOneOut, mostWordsLeftOut } from '../../../src/lab/explore/leaveOneOut.ts';

it('leaves each word out once, at its own place', () => {
  expect(leaveOneOut('a cat, a dog').variants).toEqual([
    { word: 'a', at: 0, text: 'cat, a dog' },
    { word: 'cat', at: 2, text: 'a , a dog' },
    { word: 'a', at: 7, text: 'a cat, dog' },
    { word: 'dog', at: 9, text: 'a cat, a' },
  ]);
});

it('splits a script without spaces', () => {
  const { variants } = leaveOneOut('我喜欢猫');
  expect(variants.length).toBeGreaterThan(1);
  for (const { word, text } of variants) expect(text.length).toBe(4 - word.length);
});

it('counts the words it does not try', () => {
  const { variants, left } = leaveOneOut('word '.repeat(mostWordsLeftOut + 3));
  expect(variants).toHaveLength(mostWordsLeftOut);
  expect(left).toBe(3);
});

it('has nothing to leave out of emoji alone', () => {
  expect(leaveOneOut('🙂🙂')).toEqual({ variants: [], left: 0 });
});
