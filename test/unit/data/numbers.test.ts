import { expect, test } from 'vitest';
import { numberOfCell } from '../../../src/lab/data/numbers.ts';

test.each([
  [1n, 1],
  [-9007199254740993n, -9007199254740992],
  [true, 1],
  [' False ', 0],
  ['0,9', 0.9],
  ['-1,25', -1.25],
  ['0,125', 0.125],
  ['.5', 0.5],
  ['3.', 3],
  ['1e-7', 1e-7],
  ['1234,5678', 1234.5678],
])('%s is a number', (cell, number) => {
  expect(numberOfCell(cell)).toBe(number);
});

test.each([
  ['1,234'],
  ['1,234,567'],
  [''],
  ['0x10'],
  ['Infinity'],
  [Number.NaN],
  ['1 2'],
  [null],
  [[1]],
  ['1e999'],
])('%j is none', (cell) => {
  expect(numberOfCell(cell)).toBeNull();
});
