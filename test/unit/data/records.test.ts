import { expect, test } from 'vitest';
import { parseJson, recordsOf } from '../../../src/lab/data/records.ts';
import { source } from '../../support/source.ts';

async function all(text: string): Promise<[unknown, number][]> {
  const read: [unknown, number][] = [];
  for await (const { value, line } of recordsOf(source('a.json', text, 5))) read.push([value, line]);
  return read;
}

test('a number that a double would print otherwise comes as text, whatever stands around it', () => {
  expect(
    parseJson(
      '{"_id": 9007199254740993, "a\\\\": [1.0, 1, -0, 1e5, 0.5, 9007199254740991], "b": "9007199254740993, \\"1.0"}',
    ),
  ).toEqual({
    _id: '9007199254740993',
    'a\\': ['1.0', 1, '-0', '1e5', 0.5, 9007199254740991],
    b: '9007199254740993, "1.0',
  });
});

test('a key called __proto__ is a key like others', () => {
  const value = parseJson('{"__proto__": {"x": 1.0}}') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect('x' in value).toBe(false);
});

test('an array of records is read value by value, with the line of each', async () => {
  expect(await all('[\n\n {"a": "],{"},\n [1,\n  2], "c", 4\n]\n')).toEqual([
    [{ a: '],{' }, 3],
    [[1, 2], 4],
    ['c', 5],
    [4, 5],
  ]);
  expect(await all('[["a", "b"], []]')).toEqual([
    [['a', 'b'], 1],
    [[], 1],
  ]);
});

test('an array of texts in the first line is a record, as are those below', async () => {
  expect(await all('["a", "b"]\n["c", ["d"]]\n')).toEqual([
    [['a', 'b'], 1],
    [['c', ['d']], 2],
  ]);
});

test('a value of a hundred thousand brackets is refused, not followed', async () => {
  await expect(all(`[[${'['.repeat(100_000)}`)).rejects.toThrow('a.json, line 1: ends before its array does');
});
