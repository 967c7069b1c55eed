import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import * as modules from '../../../bin/node/labModules.ts';
import { openNodeLab } from '../../../bin/node/openNodeLab.ts';
import { readNpy } from '../../../src/lab/formats/npy.ts';
import type { RunEvent } from '../../../src/lab/pipeline/events.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { toPermalink } from '../../../src/lab/spec/permalink.ts';
import { type SpecInput, specSchema } from '../../../src/lab/spec/spec.ts';
import { startHub } from '../../support/hub/server.ts';

/** Given to every run here; what they write and say is searched for it at the end. */
const token = 'hf_never_to_be_written';
vi.stubEnv('HF_TOKEN', token);
afterAll(() => vi.unstubAllEnvs());
const said: RunEvent[] = [];

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-node-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const root = fileURLToPath(new URL('../../..', import.meta.url));
const pair = { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } };

async function run(
  spec: SpecInput,
  name: string,
): Promise<{ events: RunEvent[]; report: Report; out: string }> {
  const events: RunEvent[] = [];
  const out = join(scratch, name);
  const lab = await openNodeLab(
    modules,
    {
      cache: join(scratch, 'cache'),
      out,
      models: join(root, 'public/models'),
      data: join(root, 'public/datasets'),
    },
    (event) => {
      events.push(event);
      if (event.type !== 'artefact') said.push(event);
    },
  );
  expect(await lab.run(specSchema.parse(spec))).toEqual({ status: 0, sentence: null });
  await lab.close();
  return { events, out, report: readReport(readFileSync(join(out, 'report.json'), 'utf8'), 'report.json') };
}

const sample: SpecInput = {
  models: pair,
  datasets: [{ source: 'bundled:foldoc', queries: 20, documents: 120 }],
  keep: ['embeddings', 'runs'],
};

test('every metric of every layer equals that of the browser, and what was embedded is kept', async () => {
  const { report, out } = await run(sample, 'first');
  const browser = JSON.parse(readFileSync(join(root, 'test/fixtures/node/browser.json'), 'utf8')) as {
    layerwise: unknown[];
  };
  expect(report.layerwise.map(({ model, layer, metrics }) => ({ model, layer, metrics }))).toEqual(
    browser.layerwise,
  );
  expect(report.environment).toMatchObject({
    runtime: 'node',
    userAgent: expect.stringContaining('Node.js/'),
    models: { ce: { backend: 'cpu' }, de: { backend: 'cpu' } },
  });
  expect(report.environment.versions['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+/);
  const { shape } = readNpy(readFileSync(join(out, 'embeddings/foldoc/ce/layer-6.corpus.npy')), 'layer-6');
  expect(shape).toEqual([120, 128]);
  expect(existsSync(join(out, 'qrels/foldoc.trec'))).toBe(true);

  const again = await run(sample, 'again');
  const last = again.events.filter((event) => event.type === 'progress').at(-1);
  expect(last).toMatchObject({ cached: 140, total: 140 });
  expect(again.report.layerwise).toEqual(report.layerwise);
});

test('a model is trained on Dawn, then searches and is reranked beside the others, from local folders too', async () => {
  const { report, out } = await run(
    {
      models: { ...pair, ce: { source: 'local:mini-ce' } },
      datasets: [{ source: 'local:foldoc', queries: 6, documents: 20 }],
      layerwise: { enabled: false },
      train: [
        {
          name: 'tiny',
          data: ['bundled:foldoc'],
          negatives: 'none',
          steps: 3,
          batchSize: 3,
          maxLength: 12,
          learningRate: 1e-3,
          saveSteps: [3],
        },
      ],
      compare: { systems: ['tiny', 'bm25', 'ce-layer-1'], rerankDepth: 3 },
    },
    'trained',
  );
  expect(report.training[0]?.steps).toHaveLength(3);
  expect(report.training[0]?.steps.every(({ loss }) => loss > 0 && loss < 3)).toBe(true);
  expect(report.comparison.map(({ system, stage }) => `${system} ${stage}`)).toEqual([
    'tiny retrieve',
    'bm25 retrieve',
    'ce-layer-1 retrieve',
    'tiny retrieve+rerank',
    'bm25 retrieve+rerank',
    'ce-layer-1 retrieve+rerank',
  ]);
  for (const path of ['checkpoints/tiny/step-3.safetensors', 'models/tiny/onnx/model.onnx']) {
    expect(existsSync(join(out, path)), path).toBe(true);
  }
});

test('what cannot be run ends in one sentence', async () => {
  const lab = await openNodeLab(modules, { cache: null }, () => {});
  const spec = specSchema.parse({ models: pair, datasets: [{ source: 'bundled:none' }] });
  const { status, sentence } = await lab.run(spec);
  expect(status).toBe(1);
  expect(sentence).toMatch(/^bundled:none\/\S+: is not there/);
  await lab.close();
});

test('a token stands in nothing that a run writes or says, nor in why one cannot be run', async () => {
  const hub = await startHub({ models: {} });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  const lab = await openNodeLab(modules, { cache: join(scratch, 'cache') }, (event) => said.push(event));
  const spec = specSchema.parse({ ...sample, models: { ...pair, ce: { source: 'hub:owner/none' } } });
  const { status, sentence } = await lab.run(spec);
  await lab.close();
  await hub.close();
  // It was sent, so that it could have been told.
  expect(hub.requests[0]?.authorization).toBe(`Bearer ${token}`);
  expect(status).toBe(1);
  expect(sentence).toMatch(/^hub:owner\/none@main is /);
  expect(sentence + JSON.stringify(said) + toPermalink(spec)).not.toContain(token);

  const written = readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  expect(written.length).toBeGreaterThan(20);
  const telling = written.filter((one) => readFileSync(join(one.parentPath, one.name)).includes(token));
  expect(telling.map(({ name }) => name)).toEqual([]);
});
