import { expect, test } from 'vitest';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fromPermalink, toPermalink } from '../../../src/lab/spec/permalink.ts';
import { specVersion, upgrade } from '../../../src/lab/spec/upgrade.ts';

// Of an imagined document: version 1 renamed "rate", version 2 counts in thousands.
const steps = [
  ({ rate, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, learningRate: rate }),
  (document: Readonly<Record<string, unknown>>) => ({ ...document, texts: Number(document.texts) / 1000 }),
];

test.each([
  ['without a version takes every step', { rate: 0.1, texts: 5000 }],
  ['of version 0 takes every step', { version: 0, rate: 0.1, texts: 5000 }],
  ['of version 1 takes the second', { version: 1, learningRate: 0.1, texts: 5000 }],
  ['of the newest is left as it is', { version: 2, learningRate: 0.1, texts: 5 }],
])('a document %s', (_, document) => {
  expect(upgrade(document, steps)).toEqual({ version: 2, learningRate: 0.1, texts: 5 });
});

test('a document of a version to come is refused by field', () => {
  expect(() => upgrade({ version: 3 }, steps, 'a.json')).toThrow(
    'a.json, field "version": is 3, and this lab reads versions up to 2; open it with a newer lab.',
  );
});

test.each([null, 7, 'text', [], { version: 'one' }, { version: -1 }, { version: 0.5 }])(
  '%j is left for the schema to refuse',
  (value) => {
    expect(upgrade(value, steps)).toBe(value);
  },
);

test('a spec and a link of before versions were are read; those of versions to come are refused', () => {
  const { version, ...unversioned } = defaultSpec(3);
  expect(version).toBe(specVersion);
  expect(parseSpec(unversioned)).toEqual(defaultSpec(3));
  expect(fromPermalink('{"seed":7}')).toEqual({ ...defaultSpec(), seed: 7 });
  expect(JSON.parse(toPermalink({ ...defaultSpec(), seed: 7 }))).toEqual({ version: specVersion, seed: 7 });
  expect(() => parseSpec({ ...unversioned, version: 99 })).toThrow('field "version": is 99');
  expect(() => fromPermalink('{"version":99}')).toThrow('field "version": is 99');
});
