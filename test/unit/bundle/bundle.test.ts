import { unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { checkBundle } from '../../../src/lab/bundle/check.ts';
import { manifestFile } from '../../../src/lab/bundle/manifest.ts';
import { openBundle } from '../../../src/lab/bundle/open.ts';
import { type FinishedRun, writeBundle } from '../../../src/lab/bundle/write.ts';
import { gzip } from '../../../src/lab/formats/gzip.ts';
import type { Choice } from '../../../src/lab/paper/specs.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fakeServices } from '../../support/fakeServices.ts';

const choice: Choice = { work: 'layers', pair: 'minilm', size: 'small', stand: 'bundled' };
const spec = parseSpec({
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
  datasets: [{ source: 'folder:one', queries: 15 }],
  compare: { systems: ['bm25'], rerankDepth: 0 },
  keep: ['runs'],
});

/** A run without a browser: made embeddings, real search, real files. */
async function finishedRun(id: string): Promise<FinishedRun> {
  const files: FinishedRun['files'][number][] = [];
  const report = await runExperiment(
    spec,
    fakeServices(),
    async (event) => {
      if (event.type === 'artefact') files.push({ path: event.path, bytes: await gzip(event.bytes) });
    },
    new AbortController().signal,
  );
  return { id, title: 'One', report, files: [...new Map(files.map((file) => [file.path, file])).values()] };
}

async function bundled(): Promise<Uint8Array<ArrayBuffer>> {
  const run = await finishedRun('one');
  const blob = await writeBundle({ choice, spec, runs: [run], madeAt: new Date('2026-01-02T03:04:05Z') });
  return new Uint8Array(await blob.arrayBuffer());
}

/** The same bundle with its files changed. */
function altered(
  bytes: Uint8Array,
  change: (files: Record<string, Uint8Array>) => void,
): Uint8Array<ArrayBuffer> {
  const files = unzipSync(bytes);
  change(files);
  return new Uint8Array(zipSync(files));
}
const folder = 'layerlab-bundled-layers-small';

test('a bundle opens as it was written, and its figures follow from its run files', async () => {
  const opened = openBundle(await bundled(), 'b.zip');
  expect(opened.manifest.choice).toEqual(choice);
  expect(opened.spec).toEqual(spec);
  const [run] = opened.runs;
  expect(run?.report.layerwise).toHaveLength(6);
  expect(run?.report.environment.datasets[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  const environment: unknown = JSON.parse(new TextDecoder().decode(opened.files.get('environment.json')));
  expect(environment).toMatchObject({ machines: [{ userAgent: 'a test' }], collections: [{ name: 'one' }] });

  // Three layers of two models and BM25, two figures each.
  expect(await checkBundle(opened)).toEqual({
    files: Object.keys(opened.manifest.files).length,
    faults: [],
    figures: 14,
    without: 0,
  });
});

test('what was changed, taken out or put in is named', async () => {
  const bytes = altered(await bundled(), (files) => {
    const report = `${folder}/reports/one.json`;
    const text = new TextDecoder().decode(files[report]);
    files[report] = new TextEncoder().encode(text.replace(/"hits@10": [\d.]+/, '"hits@10": 0.123'));
    delete files[`${folder}/one/runs/one/bm25.retrieve.trec.gz`];
    files[`${folder}/more.txt`] = new Uint8Array(3);
  });
  const { faults, without } = await checkBundle(openBundle(bytes, 'b.zip'));
  expect(faults).toEqual(
    expect.arrayContaining([
      'reports/one.json was changed: its hash is not the one the bundle gives.',
      'one/runs/one/bm25.retrieve.trec.gz is missing.',
      'more.txt was added: the bundle does not name it.',
    ]),
  );
  expect(faults.some((fault) => /^one\/runs\/one\/ce-layer-0.*the report says 0\.123\.$/.test(fault))).toBe(
    true,
  );
  expect(without).toBe(2);
});

test('a run file that is cut off is a fault, not an end', async () => {
  const bytes = altered(await bundled(), (files) => {
    const path = `${folder}/one/runs/one/bm25.retrieve.trec.gz`;
    files[path] = files[path]!.slice(0, 30);
  });
  const { faults, figures } = await checkBundle(openBundle(bytes, 'b.zip'));
  expect(faults).toContain(
    'one/runs/one/bm25.retrieve.trec.gz: is no gzip file, or was cut off; get it again.',
  );
  expect(figures).toBe(12);
});

test('what is no bundle is refused in a sentence', async () => {
  const open = (bytes: Uint8Array<ArrayBuffer>) => () => openBundle(bytes, 'x.zip');
  expect(open(new TextEncoder().encode('PK nothing'))).toThrow('x.zip: is no .zip file, or was cut off');
  expect(open(new Uint8Array(zipSync({ 'a.txt': new Uint8Array(1) })))).toThrow(
    'x.zip: holds no bundle.json; choose a bundle that the Reproduce page saved.',
  );
  const whole = await bundled();
  expect(open(whole.slice(0, whole.length - 40))).toThrow('x.zip: is no .zip file, or was cut off');
  expect(
    open(
      altered(whole, (files) => {
        files[`${folder}/bundle.json`] = new TextEncoder().encode('{"format":"other"}');
      }),
    ),
  ).toThrow('bundle.json, field "format": is not of a bundle that this lab can read');
  expect(
    open(
      altered(whole, (files) => {
        delete files[`${folder}/reports/one.json`];
      }),
    ),
  ).toThrow('reports/one.json: is missing from the bundle');
});

test.each(['../up.json', 'a/../../up.json', '/root.json', 'C:\\root.json', '..\\up.json'])(
  'a bundle that holds the path %s is refused',
  (path) => {
    const bytes = new Uint8Array(zipSync({ [path]: new Uint8Array(1) }));
    expect(() => openBundle(bytes, 'b.zip')).toThrow(`b.zip: holds the path "${path}", which leads out`);
  },
);

test('a bundle that unpacks to more than it says is read no further than that', () => {
  const bytes = new Uint8Array(zipSync({ [manifestFile]: new Uint8Array(80 * 2 ** 20).fill(32) }));
  const directory = Buffer.from(bytes).indexOf('PK\u0001\u0002', 'latin1');
  new DataView(bytes.buffer).setUint32(directory + 24, 10, true);
  expect(() => openBundle(bytes, 'b.zip')).toThrow(`${manifestFile}: is not JSON; get the bundle again.`);
});

test('a small bundle that unpacks to much is refused', () => {
  const bytes = new Uint8Array(zipSync({ 'a.json': new Uint8Array(1000) }));
  // The size that the directory at the end gives, by which memory is reserved.
  const directory = Buffer.from(bytes).indexOf('PK\u0001\u0002', 'latin1');
  new DataView(bytes.buffer).setUint32(directory + 24, 65 * 2 ** 20, true);
  expect(() => openBundle(bytes, 'b.zip')).toThrow('b.zip: unpacks to more than 200 times its size');
});
