import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { checkBundle } from '../../../src/lab/bundle/check.ts';
import { openBundle } from '../../../src/lab/bundle/open.ts';
import { recompute } from '../../../src/lab/bundle/recompute.ts';
import { writeBundle } from '../../../src/lab/bundle/write.ts';
import { readRunLists } from '../../../src/lab/compare/runFile.ts';
import { judgeTexts, readBeirTexts } from '../../../src/lab/data/beir.ts';
import { readPairs } from '../../../src/lab/data/readPairs.ts';
import { understand } from '../../../src/lab/data/understand.ts';
import { gunzip, gzip } from '../../../src/lab/formats/gzip.ts';
import { npyHeader, readNpy } from '../../../src/lab/formats/npy.ts';
import { readSafetensors, writeSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { listTree, resolveRevision } from '../../../src/lab/hub/repository.ts';
import { searchModels } from '../../../src/lab/hub/searchModels.ts';
import { readModelConfig } from '../../../src/lab/models/config.ts';
import { inlineFunctions } from '../../../src/lab/models/onnx/inline.ts';
import { findLayers } from '../../../src/lab/models/onnx/layers.ts';
import { scanModel } from '../../../src/lab/models/onnx/scan.ts';
import { ownSettings, readOwnReading } from '../../../src/lab/models/sentenceTransformers/ownReading.ts';
import { pairEncoder, readTokenizer, selfPairEncoder, templateOf } from '../../../src/lab/models/tokenise.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { readEmbeddedCurves, writeEmbeddedCurves } from '../../../src/lab/report/embeddedCurves.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fromPermalink } from '../../../src/lab/spec/permalink.ts';
import { madeCollection } from '../collection.ts';
import { fakeServices } from '../fakeServices.ts';
import { madeModel } from '../modelFiles.ts';
import { parquet } from '../parquet.ts';
import { jsonLines, source } from '../source.ts';

/** A reader of files from outside: whatever they hold, it gives a value or throws a UserError. */
export interface FuzzedReader {
  readonly name: string;
  /** Whole files, which are cut, mixed and garbled. */
  readonly seeds: readonly (string | Uint8Array)[];
  read(bytes: Uint8Array<ArrayBuffer>): unknown;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const fixture = (path: string): Uint8Array => readFileSync(new URL(`../../${path}`, import.meta.url));

const corpus = jsonLines({ _id: 'd1', title: 'A', text: 'one' }, { _id: 12345, text: 'two\u2028' });
const queries = jsonLines({ _id: 'q1', text: 'first' }, { _id: 2, text: null });
const qrels = 'query-id\tcorpus-id\tscore\nq1\td1\t1\n2\td1\t0.5\n';
const head = { name: 'n', title: 'n', source: 'folder:n', split: 'test' };
const triplets = jsonLines(
  { query: 'a', positive: 'b', negative: ['c', null] },
  { query: 'd', positive: ['e', 'f'], neg: 'g' },
);
const labelled = jsonLines({ sentence1: 'a', sentence2: 'b', label: true });

function pairsAs(path: string, ...seeds: readonly (string | Uint8Array)[]): FuzzedReader {
  return { name: path, seeds, read: (bytes) => readPairs(source(path, bytes, 64)) };
}

/** One answer in the place of whatever the hub is asked. */
function hubAnswer(
  name: string,
  seeds: readonly unknown[],
  ask: (hub: string) => Promise<unknown>,
): FuzzedReader {
  return {
    name,
    seeds: seeds.map((seed) => JSON.stringify(seed)),
    async read(bytes) {
      const fetched = globalThis.fetch;
      globalThis.fetch = () => Promise.resolve(new Response(bytes));
      try {
        return await ask('http://hub.test');
      } finally {
        globalThis.fetch = fetched;
      }
    },
  };
}

const spec = parseSpec({
  models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
  datasets: [{ source: 'folder:one', queries: 5 }],
  compare: { systems: ['bm25'], rerankDepth: 0 },
  keep: ['runs'],
});
const kept: { path: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
const report = await runExperiment(
  spec,
  fakeServices(),
  async (event) => {
    if (event.type === 'artefact') kept.push({ path: event.path, bytes: await gzip(event.bytes) });
  },
  new AbortController().signal,
);
const written = await writeBundle({
  choice: { work: 'layers', pair: 'minilm', size: 'small', stand: 'bundled' },
  spec,
  runs: [
    { id: 'one', title: 'One', report, files: [...new Map(kept.map((file) => [file.path, file])).values()] },
  ],
  madeAt: new Date('2026-01-02T03:04:05Z'),
});
const bundle = new Uint8Array(await written.arrayBuffer());

/** Every reader of the lab; one more line fuzzes another. */
export const fuzzedReaders: readonly FuzzedReader[] = [
  {
    name: 'corpus.jsonl',
    seeds: [corpus, `\ufeff${corpus.replaceAll('\n', '\r\n')}`, gzipSync(corpus)],
    read: async (bytes) =>
      judgeTexts(
        await readBeirTexts(source('corpus.jsonl', bytes, 64), source('queries.jsonl', queries)),
        source('test.tsv', qrels),
        head,
      ),
  },
  {
    name: 'qrels',
    seeds: [qrels, 'q1 0 d1 1\nq1 0 d2 -2\n', 'q1\td1\n', 'topic iter docno rel\nq1 0 d1 1\n'],
    read: async (bytes) =>
      judgeTexts(
        await readBeirTexts(source('corpus.jsonl', corpus), source('queries.jsonl', queries)),
        source('test.tsv', bytes, 64),
        head,
      ),
  },
  {
    name: 'ZESHEL mentions',
    seeds: [
      jsonLines({
        mention_id: 'M',
        context_document_id: 'P',
        corpus: 'w',
        start_index: 0,
        end_index: 1,
        label_document_id: 'P',
      }),
    ],
    read: (bytes) =>
      understand('z', [
        source('mentions/test.json', bytes, 64),
        source('documents/w.json', jsonLines({ document_id: 'P', title: 'T', text: 'T is a page' })),
      ]),
  },
  pairsAs('pairs.jsonl', triplets, labelled, jsonLines(['a', 'b', 'c'], ['d', 'e', 'f']), gzipSync(triplets)),
  pairsAs(
    'pairs.json',
    '[{"query": "a", "positive": "b", "score": 3},\n {"query": "c\\"", "positive": "d", "score": 1e-7}]',
  ),
  pairsAs('pairs.csv', 'query,positive,score\n"a, ""b""\nc",d,0.5\ne,f,"0,9"\n', 'a;b\nc;d\n', 'a,b\rc,d\r'),
  pairsAs('pairs.csv.gz', gzipSync('query,positive\na,b\n')),
  pairsAs('pairs.tsv', 'anchor\tpositive\tneg\na\tb\tc\n', Buffer.from('\ufeffa\tb\n', 'utf16le')),
  pairsAs(
    'pairs.parquet',
    parquet({ query: ['a', 'b', null], positive: ['x', 'y', 'z'], label: [1n, 0n, 1n] }),
    fixture('unit/data/hub/zstd.parquet'),
  ),
  {
    name: 'run.trec',
    seeds: ['q0 Q0 d1 1 0.5 tag\nq0 Q0 d2 2 0.25 tag\n', 'q1 Q0 d0 1 1e7 a\n'],
    read: (bytes) =>
      readRunLists(source('run.trec', bytes, 64), madeCollection('n', 3, 5), {
        ties: 'id-descending',
        least: 2,
      }),
  },
  {
    name: 'run and judgements of a bundle',
    seeds: ['q1 0 d1 1\n\u0000q1 Q0 d1 1 0.5 tag\n'],
    read: (bytes) => {
      const [judged = '', run = ''] = textOf(bytes).split('\u0000');
      return recompute(run, judged, 'run.trec');
    },
  },
  { name: 'gzip', seeds: [gzipSync('some text '.repeat(50))], read: (bytes) => gunzip(bytes, 'a.gz') },
  {
    name: 'bundle.zip',
    seeds: [bundle],
    read: async (bytes) => checkBundle(openBundle(bytes, 'bundle.zip')),
  },
  {
    name: 'array.npy',
    seeds: [Buffer.concat([npyHeader([2, 3]), Buffer.alloc(24, 1)])],
    read: (bytes) => readNpy(bytes, 'array.npy'),
  },
  {
    name: 'model.safetensors',
    seeds: [
      writeSafetensors(new Map([['w', { shape: [2, 2], data: new Float32Array(4) }]]), { format: 'pt' }),
    ],
    read: (bytes) => readSafetensors(bytes),
  },
  {
    name: 'model.onnx',
    seeds: [fixture('reference/graphs/bert.onnx'), fixture('reference/graphs/bert-functions.onnx')],
    read: (bytes) => {
      const scanned = scanModel(bytes, 'model.onnx');
      const inlined =
        scanned.functions.length === 0 ? scanned : scanModel(inlineFunctions(scanned), 'model.onnx');
      return findLayers(inlined, 'model.onnx');
    },
  },
  hubAnswer(
    "the hub's listing",
    [
      [
        { type: 'file', path: 'a/b.parquet', size: 5, oid: 'c', lfs: { oid: 'd', size: 5 } },
        { type: 'directory', path: 'a' },
      ],
    ],
    (hub) => listTree({ hub, kind: 'datasets', repository: 'o/n', commit: 'c0ffee' }),
  ),
  hubAnswer("the hub's commit", [{ sha: 'c0ffee', id: 'o/n' }, { sha: 'c0ffee' }], (hub) =>
    resolveRevision(hub, 'o/n', 'main'),
  ),
  hubAnswer(
    "the hub's models",
    [
      [
        {
          id: 'o/n',
          downloads: 3,
          tags: ['bert', 'base_model:finetune:o/m'],
          gated: 'auto',
          siblings: [{ rfilename: 'onnx/model.onnx' }, { rfilename: 'model.safetensors' }],
        },
      ],
    ],
    (hub) => searchModels(hub, { kind: 'ce', text: 'n' }),
  ),
  {
    name: 'tokenizer.json',
    seeds: ['bert', 'roberta', 'xlmr'].map((model) =>
      fixture(`reference/sentence-transformers/${model}/tokenizer.json`),
    ),
    async read(bytes) {
      const tokenizer = await readTokenizer(madeModel({ 'tokenizer.json': textOf(bytes) }));
      const texts = ['a', 'Ein größerer Text, 北京 \ud83d\udc69', ''];
      const self = selfPairEncoder(tokenizer, { segments: 'both', cls: true }, 32, 0);
      const pair = pairEncoder(tokenizer, 32, 0);
      return [
        templateOf(tokenizer, false),
        ...texts.map((text) => [self.encode(text), pair.join(pair.content(text), pair.content('b'))]),
      ];
    },
  },
  {
    name: 'config.json',
    seeds: [fixture('reference/sentence-transformers/bert/config.json')],
    read: (bytes) => readModelConfig(madeModel({ 'config.json': textOf(bytes) })),
  },
  {
    name: 'modules.json',
    seeds: [
      JSON.stringify([
        { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
        { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
      ]),
    ],
    async read(bytes) {
      const files = madeModel({
        'config.json': textOf(fixture('reference/sentence-transformers/bert/config.json')),
        'modules.json': textOf(bytes),
        '1_Pooling/config.json': JSON.stringify({
          word_embedding_dimension: 16,
          pooling_mode_mean_tokens: true,
        }),
      });
      return await readOwnReading(files, await readModelConfig(files), ownSettings);
    },
  },
  {
    name: 'link',
    seeds: ['{"seed":3,"datasets":[{"source":"bundled:foldoc"}]}', JSON.stringify(defaultSpec())],
    read: (bytes) => fromPermalink(textOf(bytes)),
  },
  {
    name: 'link of a frame',
    seeds: [
      writeEmbeddedCurves({ metric: 'hits@10', rows: report.layerwise, titles: new Map([['one', 'One']]) }),
    ],
    read: (bytes) => readEmbeddedCurves(textOf(bytes)),
  },
  {
    name: 'spec.json',
    seeds: [JSON.stringify(defaultSpec()), JSON.stringify(spec)],
    read: (bytes) => {
      const text = textOf(bytes);
      let value: unknown = text;
      try {
        value = JSON.parse(text);
      } catch {
        // The command line says that it is no JSON.
      }
      return parseSpec(value);
    },
  },
  {
    name: 'report.json',
    seeds: [JSON.stringify(report)],
    read: (bytes) => readReport(textOf(bytes), 'report.json'),
  },
];
