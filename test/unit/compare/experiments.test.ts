import { expect, test } from 'vitest';
import { experiments } from '../../../src/lab/compare/experiments.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { readSystem, systemsOf } from '../../../src/lab/spec/systemName.ts';

test.each(experiments)('$name is a spec whose systems are all there', ({ setUp }) => {
  const spec = setUp(defaultSpec(10, 20));
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  expect(spec.compare.enabled).toBe(true);
  const trained = spec.train.map(({ name }) => name);
  for (const name of systemsOf(spec)) {
    const system = readSystem(name);
    if (system.type === 'model') expect(trained).toContain(name);
  }
  for (const name of trained) expect(systemsOf(spec)).toContain(name);
});
