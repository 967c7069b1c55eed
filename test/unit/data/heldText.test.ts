import { expect, test } from 'vitest';
import { HeldText } from '../../../src/lab/data/heldText.ts';

const place = (line: number) => ({ file: 'corpus.jsonl', line });

test('texts beyond what a tab holds are refused at the line where it is too much, with what would fit', () => {
  // A row takes 250 bytes and its texts: a third one of 400 is beyond 1,000.
  const held = new HeldText(1000);
  held.add(place(1), 'a', 'b'.repeat(149));
  held.add(place(3), 'c', 'd'.repeat(149));
  expect(() => held.add(place(4), 'e', 'f'.repeat(149))).toThrow(
    "corpus.jsonl, line 4: is more than a tab can hold: the rows before it take 1 kB of memory; use those 2 alone, or the collection's copy on the hub, of which only a sample is read.",
  );
});

test('a text beyond Latin-1 counts two bytes a character, as engines hold it', () => {
  expect(() => new HeldText(1000).add(place(1), 'ü'.repeat(700))).not.toThrow();
  expect(() => new HeldText(1000).add(place(1), `${'u'.repeat(699)}ł`)).toThrow('more than a tab can hold');
});
