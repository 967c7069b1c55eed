import { expect, test } from 'vitest';
import { shownOf } from '../../../src/state/shown.ts';

const all = { stored: true, run: true, opened: true };

test('a page shows what the visitor chose', () => {
  for (const chosen of ['stored', 'run', 'opened'] as const) expect(shownOf(chosen, all)).toBe(chosen);
});

test('where that has nothing for the page, it shows the run made here, else the stored result', () => {
  expect(shownOf('opened', { ...all, opened: false })).toBe('run');
  expect(shownOf('stored', { ...all, stored: false })).toBe('run');
  expect(shownOf('run', { ...all, run: false })).toBe('stored');
  expect(shownOf('opened', { stored: true, run: false, opened: false })).toBe('stored');
});

test('an opened report is never shown unasked', () => {
  expect(shownOf('run', { stored: false, run: false, opened: true })).toBeNull();
});
