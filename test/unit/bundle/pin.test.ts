import { expect, test } from 'vitest';
import { pinned } from '../../../src/lab/bundle/pin.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fakeServices } from '../../support/fakeServices.ts';

test('hub sources are run again at the commit they were read at', async () => {
  const spec = parseSpec({
    models: { ce: { source: 'hub:a/ce' }, de: { source: 'hub:a/de@main' } },
    datasets: [{ source: 'hub:b/pairs' }, { source: 'folder:mine' }],
    train: [{ name: 'small', data: ['hub:c/other'] }],
    compare: { systems: ['baseline', 'hub:a/third', 'bm25'] },
  });
  const plain = await runExperiment(
    parseSpec({
      models: spec.models,
      datasets: [{ source: 'folder:one' }],
      layerwise: { bootstrapSamples: 0 },
    }),
    fakeServices(),
    () => {},
    new AbortController().signal,
  );
  const [dataset] = plain.environment.datasets;
  const { ce } = plain.environment.models;
  const report: Report = {
    ...plain,
    environment: {
      ...plain.environment,
      models: { ce: { ...ce!, source: 'hub:a/ce@c1' } },
      files: [
        { source: 'hub:a/de@c2', file: 'x', sha256: '', backend: '' },
        { source: 'hub:a/third@c3', file: 'x', sha256: '', backend: '' },
      ],
      datasets: [{ ...dataset!, source: 'hub:b/pairs@c4' }],
    },
  };
  const again = pinned(spec, [report]);
  expect(again.models.ce.source).toBe('hub:a/ce@c1');
  expect(again.models.de.source).toBe('hub:a/de@c2');
  expect(again.datasets.map(({ source }) => source)).toEqual(['hub:b/pairs@c4', 'folder:mine']);
  expect(again.train[0]?.data).toEqual(['hub:c/other']);
  expect(again.compare.systems).toEqual(['baseline', 'hub:a/third@c3', 'bm25']);
  expect(parseSpec(JSON.parse(JSON.stringify(again)))).toEqual(again);
});
