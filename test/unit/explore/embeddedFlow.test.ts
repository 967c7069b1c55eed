import { expect, test } from 'vitest';
import { readEmbeddedFlow, writeEmbeddedFlow } from '../../../src/lab/explore/embeddedFlow.ts';

const long = 'a document that goes on for longer than its name in the picture may';
const flow = {
  query: 'which “disk”? 線',
  searched: 300,
  flows: [
    {
      model: 'ce',
      layers: [0, 1],
      lines: [
        { document: 7, ranks: [1, 12] },
        { document: 31, ranks: [300, 2] },
      ],
    },
    {
      model: 'de',
      layers: [0, 6],
      lines: [
        { document: 7, ranks: [4, 1] },
        { document: 31, ranks: [9, 8] },
      ],
    },
  ],
  documents: { 7: { id: 'seven', text: 'short' }, 31: { id: 'other', text: long } },
} as const;

test('ranks come out of an address as they went in, their documents by their first words alone', () => {
  const text = writeEmbeddedFlow(flow)!;
  expect(text).toMatch(/^[\w-]+$/);
  const { query, searched, flows, documents } = readEmbeddedFlow(text);
  expect([query, searched]).toEqual([flow.query, 300]);
  expect(flows.map(({ model, layers, lines }) => [model, layers, lines.map(({ ranks }) => ranks)])).toEqual(
    flow.flows.map(({ model, layers, lines }) => [model, layers, lines.map(({ ranks }) => ranks)]),
  );
  expect(flows[0]!.lines.map(({ document }) => documents[document]!.text)).toEqual([
    'short',
    `${long.slice(0, 48)}…`,
  ]);
});

test('an answer without lines has no picture to embed', () => {
  const flows = flow.flows.map((one) => ({ ...one, lines: [] }));
  expect(writeEmbeddedFlow({ ...flow, flows })).toBeNull();
});

test('an address that was cut, or whose ranks do not fit its layers or documents, is refused', () => {
  const wrong = 'does not hold its figures whole; copy the snippet again';
  expect(() => readEmbeddedFlow(writeEmbeddedFlow(flow)!.slice(0, -8))).toThrow(wrong);
  const few = writeEmbeddedFlow({ ...flow, searched: 299 })!;
  expect(() => readEmbeddedFlow(few)).toThrow(wrong);
  const short = flow.flows.map((one) => ({ ...one, layers: [0] }));
  expect(() => readEmbeddedFlow(writeEmbeddedFlow({ ...flow, flows: short })!)).toThrow(wrong);
});
