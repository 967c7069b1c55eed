import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { smallModelSpec } from '../../../src/lab/compare/smallModel.ts';
import { readSpec } from '../../../src/lab/spec/readSpec.ts';
import { definitionsIn, systemsOf } from '../../../src/lab/spec/systemName.ts';

test.each([
  ['small', 'examples/small-model.json'],
  ['full', 'examples/small-model-full.json'],
] as const)('one press on the page runs what the %s example says', (size, path) => {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  expect(readSpec(text, path)).toEqual(smallModelSpec(size));
});

test('every run is a system, and the asymmetric one asks by a run that was taught vectors', () => {
  const spec = smallModelSpec('small');
  for (const { name } of spec.train) expect(systemsOf(spec)).toContain(name);
  const [asymmetric] = definitionsIn(spec.compare.systems);
  const taught = spec.train.find(({ loss }) => loss === 'mse');
  expect(asymmetric).toMatchObject({ queries: taught?.name, documents: 'baseline' });
});
