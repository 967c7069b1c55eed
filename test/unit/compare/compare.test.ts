import { expect, test } from 'vitest';
import { UserError } from '../../../src/base/userError.ts';
import type { RunEvent } from '../../../src/lab/pipeline/events.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { SpecInput } from '../../../src/lab/spec/spec.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';
import { fakeReranker } from '../../support/fakeReranker.ts';
import { type FakeServices, fakeServices } from '../../support/fakeServices.ts';
import { measureTrec } from '../../support/trecMeasures.ts';

interface Ran {
  readonly report: Report;
  readonly notices: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

async function compare(
  change: Partial<FakeServices>,
  { ties, ...given }: NonNullable<SpecInput['compare']> & Pick<SpecInput, 'ties'> = {},
  datasets = ['one', 'two'],
): Promise<Ran> {
  const spec = parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: datasets.map((name) => ({ source: `folder:${name}` })),
    layerwise: { enabled: false },
    compare: given,
    ties,
    keep: ['runs'],
  });
  const events: RunEvent[] = [];
  const report = await runExperiment(
    spec,
    fakeServices({
      openSystem: (system) =>
        Promise.resolve({
          session: fakeSession([system.type === 'layer' ? system.layer : 2]),
          encoder: characterEncoder,
          tokenizerHash: 'x',
        }),
      openReranker: () => Promise.resolve(fakeReranker()),
      ...change,
    }),
    (event) => void events.push(event),
    new AbortController().signal,
  );
  return {
    report,
    notices: events.flatMap((event) => (event.type === 'notice' ? [event.text] : [])),
    files: new Map(
      events.flatMap((event) =>
        event.type === 'artefact' ? [[event.path, new TextDecoder().decode(event.bytes)]] : [],
      ),
    ),
  };
}

test('every figure can be recomputed from the exported run and qrels files', async () => {
  const { report, files } = await compare({}, { systems: ['baseline', 'ce-layer-0', 'bm25'] });
  expect(report.comparison).toHaveLength(3 * 2 * 2);
  for (const { dataset, system, stage, metrics } of report.comparison) {
    const measured = measureTrec(
      files.get(`runs/${dataset}/${system}.${stage}.trec`)!,
      files.get(`qrels/${dataset}.trec`)!,
    );
    for (const [name, value] of Object.entries(measured)) {
      expect(metrics[name], `${dataset} ${system} ${stage} ${name}`).toBeCloseTo(value, 12);
    }
  }
  expect(readReport(JSON.stringify(report), 'report.json')).toEqual(JSON.parse(JSON.stringify(report)));
});

test('so can those of asymmetric and fused systems, and the means of the pooled tests', async () => {
  const asymmetric = { name: 'asymmetric', queries: 'ce-layer-1', documents: 'baseline' };
  const { report, files } = await compare(
    {},
    { systems: ['baseline', 'ce-layer-0', asymmetric, { name: 'fused', fuse: ['bm25', 'asymmetric'] }] },
  );
  const means = new Map<string, number>();
  for (const { dataset, system, stage, metrics } of report.comparison) {
    const measured = measureTrec(
      files.get(`runs/${dataset}/${system}.${stage}.trec`)!,
      files.get(`qrels/${dataset}.trec`)!,
    );
    for (const [name, value] of Object.entries(measured)) {
      expect(metrics[name], `${dataset} ${system} ${stage} ${name}`).toBeCloseTo(value, 12);
      const place = `${system} ${stage} ${name}`;
      means.set(place, (means.get(place) ?? 0) + value / 2);
    }
  }
  // Both collections have twenty queries: the mean over all is the mean of the two means.
  for (const { of, n, meanDifference } of report.pooledTests) {
    const [own, reference] = [of!.system, of!.against].map(
      (system) => means.get(`${system} ${of!.stage} ${of!.metric}`)!,
    );
    expect(n).toBe(40);
    expect(meanDifference, of!.system).toBeCloseTo(own! - reference!, 12);
  }
  // Three systems against the first, two metrics, two stages.
  expect(report.pooledTests).toHaveLength(3 * 2 * 2);
});

test('a pair that several systems found is scored once', async () => {
  const reranker = fakeReranker();
  await compare(
    { openReranker: () => Promise.resolve(reranker) },
    { systems: ['baseline', 'ce-layer-2', 'ce-layer-2 first'], rerankDepth: 10 },
    ['one'],
  );
  // The three retrieve alike; 20 queries of ten documents each.
  expect(reranker.seen()).toBe(200);
});

test('scores that are stored are not computed again', async () => {
  const stored = new Map<string, Float32Array>();
  const openScoreStore = () =>
    Promise.resolve({
      read: (texts: readonly string[]) => Promise.resolve(texts.map((text) => stored.get(text))),
      write: (texts: readonly string[], vectors: readonly Float32Array[]) => {
        for (const [i, text] of texts.entries()) stored.set(text, vectors[i]!);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  const first = await compare({ openScoreStore }, { systems: ['baseline'] });
  const reranker = fakeReranker();
  const again = await compare(
    { openScoreStore, openReranker: () => Promise.resolve(reranker) },
    { systems: ['baseline'] },
  );
  expect(reranker.seen()).toBe(0);
  expect(again.report.comparison).toEqual(first.report.comparison);
});

test('reranking none is retrieving; reranking all is what the stage says', async () => {
  const { report } = await compare({}, { systems: ['baseline'], rerankDepth: 50 }, ['one']);
  const [retrieve, rerank] = report.comparison;
  const at = (depth: number) => report.rerankDepths.find((row) => row.depth === depth)!;
  expect(at(0).metrics).toEqual(retrieve!.metrics);
  expect(at(50).metrics).toEqual(rerank!.metrics);
  expect(at(10).pairs).toBe(200);
  expect(at(0).seconds).toBe(0);
});

test('tests go across collections and within each, and name what they tested', async () => {
  const { report } = await compare({}, { systems: ['baseline', 'ce-layer-0', 'bm25'], rerankDepth: 0 });
  const families = report.tests.filter(({ kind }) => kind === 'paired-t');
  // Two metrics and two systems, across and within two collections.
  expect(families).toHaveLength(2 * 2 * 3);
  for (const { of, n, sentence } of families) {
    expect(of?.against).toBe('baseline');
    expect(n).toBe(of?.dataset === null ? 2 : 20);
    expect(sentence).toContain(of!.system);
  }
});

test('a system that fails is one sentence; the others stay, and what it had done', async () => {
  const { report, notices } = await compare(
    {
      openSystem: (system) =>
        system.type === 'model'
          ? Promise.reject(new UserError('is not there.', { file: system.source }))
          : Promise.resolve({
              session: fakeSession([2]),
              encoder: characterEncoder,
              tokenizerHash: 'x',
            }),
    },
    { systems: ['baseline', 'gone', 'bm25'], rerankDepth: 5 },
    ['one'],
  );
  expect(notices).toEqual(['gone failed and is left out: folder:gone: is not there.']);
  expect(new Set(report.comparison.map(({ system }) => system))).toEqual(new Set(['baseline', 'bm25']));
});

test('a reranker with two logits, or none, is one sentence; what was retrieved stays', async () => {
  const two = fakeReranker();
  const { report, notices } = await compare(
    {
      openReranker: () =>
        Promise.resolve({
          ...two,
          session: {
            ...two.session,
            run: (batch) =>
              Promise.resolve({
                logits: { data: new Float32Array(2 * batch.rows), dims: [batch.rows, 2] },
              }),
          },
        }),
    },
    { systems: ['baseline'] },
    ['one'],
  );
  expect(notices).toEqual([
    'The reranker failed and is left out: test:fake: gives 2 logits a pair, not one; a reranker has one.',
  ]);
  expect(report.comparison.map(({ stage }) => stage)).toEqual(['retrieve']);
});

test('the tie rules order equal scores apart', async () => {
  // Every document is the same text, so that only the rule ranks them; ids d0 to d11.
  const same = (name: string) => {
    const made = madeCollection(name, 12, 12);
    return { ...made, corpus: { ...made.corpus, texts: made.corpus.texts.map(() => 'same') } };
  };
  const first = async (ties: SpecInput['ties']) => {
    const { files } = await compare(
      { loadCollection: ({ source }) => Promise.resolve(same(source)) },
      { ties, systems: ['baseline'], rerankDepth: 12 },
      ['one'],
    );
    return [...files.values()]
      .filter((text) => text.includes(' Q0 '))
      .map((text) =>
        text
          .split('\n')
          .slice(0, 3)
          .map((line) => line.split(' ')[2]),
      );
  };
  expect(await first('document-order')).toEqual([
    ['d0', 'd1', 'd2'],
    ['d0', 'd1', 'd2'],
  ]);
  expect(await first('id-ascending')).toEqual([
    ['d0', 'd1', 'd10'],
    ['d0', 'd1', 'd10'],
  ]);
  expect(await first('id-descending')).toEqual([
    ['d9', 'd8', 'd7'],
    ['d9', 'd8', 'd7'],
  ]);
});

test('speed: the reference is once as fast as itself, and sizes are those of the session', async () => {
  const { report } = await compare({}, { systems: ['baseline', 'ce-layer-0', 'bm25'], speed: true }, ['one']);
  expect(report.speed.map(({ system }) => system)).toEqual(['baseline', 'ce-layer-0']);
  expect(report.speed[0]).toMatchObject({ speedup: 1, encoderSpeedup: 1, parameters: 10, bytes: 1000 });
  expect(report.speed[0]!.indexBytes).toBe(90 * 4 * 4);
  expect(report.speed[1]!.textsPerSecond).toBeGreaterThan(0);
});

const line = 'q0 Q0 d0 1 9.5 other\n';

function runFile(text: string): Partial<FakeServices> {
  return {
    openRunFile: (name) =>
      Promise.resolve({ name, stream: () => Promise.resolve(new Blob([text]).stream()) }),
  };
}

test('a run file stands beside the others', async () => {
  const { report, notices } = await compare(
    runFile(`${line}q0 Q0 d5 2 1.5 other\nq1 Q0 d1 1 2 other\nq99 Q0 d0 1 1 other\n`),
    { systems: ['baseline', 'run:other.trec'], rerankDepth: 0 },
    ['one'],
  );
  expect(notices).toEqual([]);
  const row = report.comparison.find(({ system }) => system === 'run:other.trec')!;
  // q0 and q1 find theirs first, the other 18 of 20 find nothing.
  expect(row.metrics['mrr@10']).toBeCloseTo(2 / 20, 12);
});

test.each([
  ['q0 Q0 d0 1\n', 'other.trec, line 1: is no line of a TREC run; it takes five or six fields'],
  [`${line}q0 Q0 d1 2 much other\n`, 'other.trec, line 2: has the score "much"; it takes a number.'],
  [`${line}q0 Q0 d1 2 NaN other\n`, 'other.trec, line 2: has the score "NaN", which is not finite'],
  [`${line}q0 Q0 d1 2 -inf other\n`, 'other.trec, line 2: has the score "-inf", which is not finite'],
  ['x1 Q0 d0 1 9.5 other\n', 'other.trec: ranks no query of one; give the run file of one of them.'],
])('a run file that does not fit is one sentence: %j', async (text, sentence) => {
  const { report, notices } = await compare(
    runFile(text),
    { systems: ['baseline', 'run:other.trec'], rerankDepth: 0 },
    ['one'],
  );
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain(sentence);
  expect(report.comparison.map(({ system }) => system)).toEqual(['baseline']);
});

/** Vectors of two widths and of two models, told apart by the source. */
const twoModels: Partial<FakeServices> = {
  openSystem: (system) =>
    Promise.resolve({
      session: fakeSession([system.type === 'baseline' ? 2 : 1]),
      encoder: characterEncoder,
      tokenizerHash: 'x',
    }),
};

test('an asymmetric system embeds queries by one model and documents by the other', async () => {
  const opened: string[] = [];
  const batches = new Map<string, number>();
  const { report } = await compare(
    {
      openSystem: (system) => {
        opened.push(system.type);
        const session = fakeSession([system.type === 'baseline' ? 2 : 1]);
        return Promise.resolve({
          session: {
            ...session,
            pooled(batch) {
              batches.set(system.type, (batches.get(system.type) ?? 0) + batch.rows);
              return session.pooled(batch);
            },
          },
          encoder: characterEncoder,
          tokenizerHash: 'x',
        });
      },
    },
    {
      systems: [{ name: 'asymmetric', queries: 'ce-layer-1', documents: 'baseline' }],
      rerankDepth: 0,
    },
    ['one'],
  );
  expect(opened).toEqual(['baseline', 'layer']);
  expect(report.comparison.map(({ system }) => system)).toEqual(['asymmetric']);
  // A made collection has 20 queries and 90 documents, of which some are alike.
  expect(batches.get('layer')).toBeLessThanOrEqual(20);
  expect(batches.get('baseline')).toBeGreaterThan(20);
});

test('unequal widths are said before a collection is read', async () => {
  let read = 0;
  const failed = compare(
    {
      ...twoModels,
      systemWidth: (system) => Promise.resolve(system.type === 'baseline' ? 384 : 128),
      loadCollection: ({ source }) => {
        read++;
        return Promise.resolve(madeCollection(source.slice('folder:'.length), 20, 90));
      },
    },
    { systems: [{ name: 'mixed', queries: 'ce-layer-1', documents: 'baseline' }] },
  );
  await expect(failed).rejects.toThrow(
    'mixed: queries have 128 numbers and documents 384; choose two systems of one width.',
  );
  expect(read).toBe(0);
});

test('a fusion is of its parts’ lists, is reranked, and searches none of them again', async () => {
  let opened = 0;
  const { report, files } = await compare(
    {
      openSystem: (...given) => {
        opened++;
        return twoModels.openSystem!(...given);
      },
    },
    { systems: ['baseline', 'bm25', { name: 'hybrid', fuse: ['bm25', 'baseline'] }] },
    ['one'],
  );
  expect(opened).toBe(1);
  expect(report.comparison.map(({ system, stage }) => `${system} ${stage}`)).toContain(
    'hybrid retrieve+rerank',
  );
  const scores = new Map<string, number>();
  for (const system of ['bm25', 'baseline']) {
    for (const line of files.get(`runs/one/${system}.retrieve.trec`)!.trimEnd().split('\n')) {
      const [query, , document, rank] = line.split(' ');
      const key = `${query} ${document}`;
      scores.set(key, (scores.get(key) ?? 0) + 1 / (60 + Number(rank)));
    }
  }
  const fused = files.get('runs/one/hybrid.retrieve.trec')!.trimEnd().split('\n');
  for (const line of fused) {
    const [query, , document, , score] = line.split(' ');
    expect(Number(score)).toBeCloseTo(scores.get(`${query} ${document}`)!, 7);
  }
});
