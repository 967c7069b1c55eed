import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBundle } from '../../../src/lab/bundle/check.ts';
import { openBundle } from '../../../src/lab/bundle/open.ts';
import { type FinishedRun, writeBundle } from '../../../src/lab/bundle/write.ts';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { gzip } from '../../../src/lab/formats/gzip.ts';
import { npyHeader, readNpy } from '../../../src/lab/formats/npy.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { madeCollection } from '../../support/collection.ts';
import { fakeServices } from '../../support/fakeServices.ts';

const spec = parseSpec({
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
  datasets: [{ source: 'folder:one' }],
  layerwise: { layers: [0], bootstrapSamples: 0 },
  compare: { systems: ['bm25'], rerankDepth: 0 },
  keep: ['runs'],
});
const choice = { work: 'layers', pair: 'minilm', size: 'small', stand: 'bundled' } as const;

const pieces = [' ', '\t', '/', '"', "'", '😀', '0', '00', 'a', 'b', '_', '%20'];
const id = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));
const ids = (count: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(id, { minLength: count, maxLength: count });

async function ran(collection: Collection): Promise<FinishedRun> {
  const files: FinishedRun['files'][number][] = [];
  const report = await runExperiment(
    spec,
    fakeServices({ loadCollection: () => Promise.resolve(collection) }),
    async (event) => {
      if (event.type === 'artefact') files.push({ path: event.path, bytes: await gzip(event.bytes) });
    },
    new AbortController().signal,
  );
  return { id: 'one', title: 'One', report, files };
}

test('whatever the ids, a report is read as it was written, and a bundle’s figures follow from its files', async () => {
  await fc.assert(
    fc.asyncProperty(ids(4), ids(9), async (queries, documents) => {
      const made = madeCollection('one', 4, 9);
      const run = await ran({
        ...made,
        queries: { ...made.queries, ids: queries },
        corpus: { ...made.corpus, ids: documents },
      });
      expect(readReport(JSON.stringify(run.report), 'report.json')).toEqual(
        JSON.parse(JSON.stringify(run.report)),
      );
      const blob = await writeBundle({ choice, spec, runs: [run], madeAt: new Date(0) });
      const opened = openBundle(new Uint8Array(await blob.arrayBuffer()), 'b.zip');
      // Two models at one layer and BM25, two figures each.
      expect(await checkBundle(opened)).toMatchObject({ faults: [], figures: 6, without: 0 });
    }),
    { numRuns: 25 },
  );
});

test('a .npy file is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.float(), { minLength: 25, maxLength: 25 }),
      (rows, columns, values) => {
        const data = Float32Array.from(values.slice(0, rows * columns));
        const header = npyHeader([rows, columns]);
        const bytes = new Uint8Array(header.length + data.byteLength);
        bytes.set(header);
        bytes.set(new Uint8Array(data.buffer), header.length);
        expect(readNpy(bytes, 'x.npy')).toEqual({ shape: [rows, columns], data });
      },
    ),
  );
});
