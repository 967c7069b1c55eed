import { expect, test } from 'vitest';
import { readNpy } from '../../../src/lab/formats/npy.ts';
import { estimateCost } from '../../../src/lab/pipeline/estimate.ts';
import type { RunEvent } from '../../../src/lab/pipeline/events.ts';
import { pacingOf } from '../../../src/lab/pipeline/pacing.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { Spec } from '../../../src/lab/spec/spec.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder, fakeSession, fakeVector } from '../../support/fakeModel.ts';
import { fakeServices as services } from '../../support/fakeServices.ts';
import { madeModel } from '../../support/modelFiles.ts';

function spec(change: Partial<Spec> = {}): Spec {
  return parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }, { source: 'folder:two' }],
    ...change,
  });
}

async function run(
  given: Spec,
  signal = new AbortController().signal,
  from = services(),
): Promise<{ report: Awaited<ReturnType<typeof runExperiment>>; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const report = await runExperiment(given, from, (event) => void events.push(event), signal);
  return { report, events };
}

test('a report has every layer of both models on every collection, and is readable', async () => {
  const { report, events } = await run(spec());
  expect(report.layerwise.map(({ dataset, model, layer }) => `${dataset} ${model} ${layer}`)).toEqual(
    ['one', 'two'].flatMap((name) =>
      ['ce', 'de'].flatMap((model) => [0, 1, 2].map((layer) => `${name} ${model} ${layer}`)),
    ),
  );
  expect(readReport(JSON.stringify(report), 'report.json')).toEqual(JSON.parse(JSON.stringify(report)));
  expect(report.tests.map(({ n }) => n)).toEqual([2, 2]);
  expect(events.at(-1)?.type).toBe('report');
  for (const { metrics, intervals } of report.layerwise) {
    expect(metrics['hits@10']).toBeGreaterThan(0);
    expect(intervals['hits@10']![0]).toBeLessThanOrEqual(metrics['hits@10']!);
  }
});

test('the same spec gives the same numbers; only the layers asked for are there', async () => {
  const sampled = spec({
    datasets: [{ source: 'folder:one', split: 'test', queries: 9, documents: 40, excludeSelf: 'auto' }],
    layerwise: { ...spec().layerwise, layers: [1] },
  });
  const first = await run(sampled);
  expect((await run(sampled)).report.layerwise).toEqual(first.report.layerwise);
  expect(first.report.layerwise.map(({ layer }) => layer)).toEqual([1, 1]);
  expect(first.report.environment.datasets[0]).toMatchObject({
    queries: 9,
    documents: 40,
    totalQueries: 20,
    totalDocuments: 90,
  });
});

test('kept files: vectors in file order, TREC runs and qrels', async () => {
  const { events } = await run(spec({ keep: ['embeddings', 'runs'] }));
  const files = new Map<string, Uint8Array[]>();
  for (const event of events) {
    if (event.type !== 'artefact') continue;
    if (event.append) files.get(event.path)!.push(event.bytes);
    else files.set(event.path, [event.bytes]);
  }
  const paths = [...files.keys()];
  for (const path of [
    'qrels/one.trec',
    'runs/two/de-layer-2.retrieve.trec',
    'embeddings/one/ce/layer-0.queries.npy',
    'embeddings/one/ce/layer-0.corpus.npy',
  ])
    expect(paths).toContain(path);
  const { shape, data } = readNpy(
    Buffer.concat(files.get('embeddings/one/de/layer-2.corpus.npy')!),
    'layer-2.corpus.npy',
  );
  expect(shape).toEqual([90, 4]);
  const { texts } = madeCollection('one', 20, 90).corpus;
  expect([...data]).toEqual([...Float32Array.from(texts.flatMap((text) => fakeVector(text, 2)))]);
});

test('a cancelled run throws, and closes its models', async () => {
  const controller = new AbortController();
  let open = 0;
  const from = services({
    openModel: () => {
      open++;
      const session = fakeSession([0]);
      return Promise.resolve({
        session: {
          ...session,
          dispose: () => {
            open--;
            return Promise.resolve();
          },
        },
        encoder: characterEncoder,
        tokenizerHash: 'x',
      });
    },
  });
  const events: RunEvent[] = [];
  const running = runExperiment(
    spec(),
    from,
    (event) => {
      events.push(event);
      if (event.type === 'progress') controller.abort();
    },
    controller.signal,
  );
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(open).toBe(0);
  expect(events.some(({ type }) => type === 'report')).toBe(false);
});

test('two collections of one name give two results, in two folders', async () => {
  const from = services({ loadCollection: () => Promise.resolve(madeCollection('same', 3, 9)) });
  const { report, events } = await run(spec({ keep: ['runs'] }), undefined, from);
  expect(report.environment.datasets.map(({ name, title }) => [name, title])).toEqual([
    ['same', 'SAME'],
    ['same-2', 'SAME (folder:two)'],
  ]);
  expect(new Set(report.layerwise.map(({ dataset }) => dataset))).toEqual(new Set(['same', 'same-2']));
  const paths = events.flatMap((event) => (event.type === 'artefact' ? [event.path] : []));
  expect(paths).toContain('runs/same-2/ce-layer-0.retrieve.trec');
  expect(new Set(paths).size).toBe(paths.length);
});

test('an estimate is of the sample and of the whole, at a run’s pace', async () => {
  const { report } = await run(spec());
  const environment = {
    ...report.environment,
    startSeconds: 2,
    seconds: 12,
    models: {
      ce: {
        ...report.environment.models.ce!,
        work: { texts: 1, tokens: 1, paddedTokens: 1, characters: 100, seconds: 6 },
      },
      de: {
        ...report.environment.models.de!,
        work: { texts: 1, tokens: 1, paddedTokens: 1, characters: 100, seconds: 3 },
      },
    },
  };
  const pacing = pacingOf({ ...report, environment }, 'a test')!;
  expect(pacing).toEqual({ startSeconds: 2, secondsPerCharacter: 0.1, source: 'a test' });
  const whole = madeCollection('one', 20, 90);
  const characters = [...whole.queries.texts, ...whole.corpus.texts].join('').length;
  const sampled = spec({
    datasets: [{ source: 'folder:one', split: 'test', queries: 5, documents: 10, excludeSelf: 'auto' }],
  });
  const estimate = await estimateCost(sampled, pacing, () => Promise.resolve(whole));
  expect(estimate.texts).toBe(15);
  expect(estimate.fullTexts).toBe(110);
  expect(estimate.fullSeconds).toBeCloseTo(2 + 0.1 * characters, 9);
  expect((await estimateCost(sampled, null, () => Promise.resolve(whole))).seconds).toBeNull();
});

test('weights by IDF are said in the report, collection by collection', async () => {
  const idf = {
    content: (text: string) => [...characterEncoder.encode(text).inputIds],
    specials: new Set<number>(),
  };
  const keys: string[] = [];
  const { report } = await run(
    spec({ pooling: { segments: 'both', cls: false, weights: 'idf' } }),
    undefined,
    services({
      openModel: () =>
        Promise.resolve({
          session: fakeSession([0, 1]),
          encoder: characterEncoder,
          tokenizerHash: 'x',
          idf,
        }),
      openStore: ({ encoder }) => {
        keys.push(encoder.key);
        return Promise.resolve(null);
      },
    }),
  );
  expect(report.spec.pooling.weights).toBe('idf');
  expect(keys).toHaveLength(4);
  for (const key of keys) expect(key).toMatch(/^characters idf /);
  for (const { data } of report.environment.datasets) {
    for (const { weights } of data?.embedded ?? [])
      expect(weights).toContain('by their IDF in the 90 documents');
  }
  expect(readReport(JSON.stringify(report), 'report.json')).toEqual(JSON.parse(JSON.stringify(report)));
});

test('what cannot be trained from is said before anything but its config.json is read', async () => {
  const from = services({
    openFiles: () => Promise.resolve(madeModel({ 'config.json': '{"model_type": "mpnet"}' })),
    loadCollection: () => Promise.reject(new Error('A collection was read.')),
    loadTrainingPairs: () => Promise.reject(new Error('Pairs were read.')),
  });
  const train = { ...spec(), train: parseSpec({ ...spec(), train: [{ name: 'a' }] }).train };
  await expect(run(train, undefined, from)).rejects.toThrow(
    'a: test:made/config.json, field "model_type": is "mpnet", but training starts from BERT, RoBERTa,',
  );
});
