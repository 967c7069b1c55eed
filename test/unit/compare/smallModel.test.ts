import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { smallModelSpec } from '../../../src/lab/compare/smallModel.ts';
import { trainedFor } from '../../../src/lab/report/summaryTable.ts';
import { readSpec } from '../../../src/lab/spec/readSpec.ts';
import { definitionsIn, systemNamed, systemsOf } from '../../../src/lab/spec/systemName.ts';

test.each([
  ['small', 'examples/small-model.json'],
  ['full', 'examples/small-model-full.json'],
] as const)('one press on the page runs what the %s example says', (size, path) => {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  expect(readSpec(text, path)).toEqual(smallModelSpec(size));
});

test('what is trained for a system is known, also for a part of it and for one of its depths', () => {
  const spec = smallModelSpec('small');
  expect([...trainedFor(spec, 'asymmetric')]).toEqual(['de-2-mse']);
  expect([...trainedFor(spec, 'de-2-ce layer 1')]).toEqual(['de-2-ce']);
  expect([...trainedFor(spec, 'hybrid')]).toEqual([]);
});

test('every run is a system, the adaptive one at each of its depths, and the asymmetric one asks by a run that was taught vectors', () => {
  const spec = smallModelSpec('small');
  for (const { name } of spec.train) expect(systemsOf(spec)).toContain(name);
  const adaptive = spec.train.find(({ adaptiveLayers }) => adaptiveLayers);
  const cuts = systemsOf(spec).filter((system) => system.startsWith(`${adaptive?.name} layer `));
  expect(cuts.map((system) => systemNamed(spec, system))).toEqual(
    [1, 0].map((layer) => ({ type: 'model', source: 'folder:de-2-adaptive', layer })),
  );
  const [asymmetric] = definitionsIn(spec.compare.systems);
  const taught = spec.train.find(({ loss }) => loss === 'mse');
  expect(asymmetric).toMatchObject({ queries: taught?.name, documents: 'baseline' });
});
