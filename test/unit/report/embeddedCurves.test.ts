import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import { readEmbeddedCurves, writeEmbeddedCurves } from '../../../src/lab/report/embeddedCurves.ts';
import type { LayerwiseRow } from '../../../src/lab/report/report.ts';

const row = (model: 'ce' | 'de', layer: number, value: number): LayerwiseRow => ({
  dataset: 'terms',
  model,
  layer,
  queries: 50,
  documents: 200,
  metrics: { 'hits@10': value, 'mrr@10': value / 2 },
  intervals: { 'hits@10': [value - 0.1, value + 0.1] },
});

const rows = [row('ce', 0, 0.25), row('ce', 6, 0.12345), row('de', 0, 0.5)];

test('curves come out of an address as they went in, of one measure, without intervals', () => {
  const text = writeEmbeddedCurves({
    metric: 'hits@10',
    rows,
    titles: new Map([['terms', 'Terms & “names” 線']]),
  });
  expect(text).toMatch(/^[\w-]+$/);
  const { metric, rows: read, titles } = readEmbeddedCurves(text);
  expect(metric).toBe('hits@10');
  expect(titles.get('terms')).toBe('Terms & “names” 線');
  expect(read.map(({ model, layer, metrics }) => [model, layer, metrics])).toEqual([
    ['ce', 0, { 'hits@10': 0.25 }],
    ['ce', 6, { 'hits@10': 0.1235 }],
    ['de', 0, { 'hits@10': 0.5 }],
  ]);
  expect(read[0]).toMatchObject({ dataset: 'terms', queries: 50, documents: 200, intervals: {} });
});

test('figures of twelve collections and thirteen layers fit an address that a mail program keeps whole', () => {
  const many = Array.from({ length: 12 }, (_, collection) =>
    (['ce', 'de'] as const).flatMap((model) =>
      Array.from({ length: 13 }, (_, layer) => ({
        ...row(model, layer, Math.abs(Math.sin(collection * 40 + layer))),
        dataset: `collection ${collection}`,
      })),
    ),
  ).flat();
  expect(writeEmbeddedCurves({ metric: 'hits@10', rows: many, titles: new Map() }).length).toBeLessThan(4000);
});

test('an address that unpacks to megabytes is refused', () => {
  const bomb = deflateSync(new Uint8Array(50 * 2 ** 20).fill(32), { level: 9 });
  const text = btoa(String.fromCharCode(...bomb));
  expect(text.length).toBeLessThan(100_000);
  expect(() => readEmbeddedCurves(text)).toThrow('does not hold its figures whole; copy the snippet again');
});

test.each(['', 'zzz', '%%%', 'q1Zyys8BAA', btoa('{"m":1}')])(
  'an address that holds %j is refused',
  (text) => {
    expect(() => readEmbeddedCurves(text)).toThrow('does not hold its figures whole; copy the snippet again');
  },
);

test('an address that was cut is refused', () => {
  const text = writeEmbeddedCurves({ metric: 'hits@10', rows, titles: new Map() });
  expect(() => readEmbeddedCurves(text.slice(0, -8))).toThrow('copy the snippet again');
});
