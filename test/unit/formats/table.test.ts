import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { toCsv, toJson, toLatex, toMarkdown } from '../../../src/lab/formats/table.ts';

const table = {
  caption: 'Hits@10, 5 % & more',
  columns: ['collection', 'a_b', 'x|y'],
  rows: [
    ['quote " and, comma', 0.123456789, 3],
    ['line\nend', null, Number.NaN],
  ],
} as const;

test('CSV keeps full precision and reads back', () => {
  const { data } = Papa.parse<string[]>(toCsv(table), { skipEmptyLines: true });
  expect(data).toEqual([
    ['collection', 'a_b', 'x|y'],
    ['quote " and, comma', '0.123456789', '3'],
    ['line\nend', '', 'NaN'],
  ]);
});

test('JSON has one object a row, and null where a number is none', () => {
  expect(JSON.parse(toJson(table))).toEqual([
    { collection: 'quote " and, comma', a_b: 0.123456789, 'x|y': 3 },
    { collection: 'line\nend', a_b: null, 'x|y': null },
  ]);
});

test('Markdown escapes what would part a cell', () => {
  expect(toMarkdown(table)).toBe(
    [
      '**Hits@10, 5 % & more**',
      '',
      '| collection | a_b | x\\|y |',
      '| --- | ---: | ---: |',
      '| quote " and, comma | 0.123 | 3 |',
      '| line end |  | n/a |',
      '',
    ].join('\n'),
  );
});

test('LaTeX escapes its signs', () => {
  const text = toLatex(table);
  expect(text).toContain('\\caption{Hits@10, 5 \\% \\& more}');
  expect(text).toContain('collection & a\\_b & x|y \\\\');
});
