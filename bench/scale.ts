/**
 * `npm run bench:scale [-- DOCUMENTS ...]`: time and peak memory of the whole layer-wise run as collections grow, with
 * the bundled models on made-up texts, from the command line; and of the exact search alone on made-up embeddings
 * of 13 layers of 384 by two models, in Node. Memory is read from Linux' /proc.
 * `npm run bench:scale -- --node [DOCUMENTS] [--queries N]`: in Node, search of so many vectors of 13 layers of 384 that
 * come in blocks of float16, search of a file of as many of one layer, and how fast twelve layers of 384 embed; what
 * all passages of MS MARCO take at that pace.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openModuleServer } from '../bin/node/openModuleServer.ts';
import { generator } from '../src/base/random.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';
import { browserRun } from './browserRun.ts';
import { writeCollection } from './madeCollection.ts';
import type { Scaled } from './nodeScale.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'boolean', default: false }, queries: { type: 'string', default: '100' } },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [1000, 10_000, 100_000];
const queries = Number(values.queries);
const wordsPerDocument = 12;

async function wholeRun(documents: number): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'layerlab-scale-'));
  try {
    await writeCollection(join(scratch, 'data/made'), { documents, queries, words: wordsPerDocument });
    mkdirSync(join(scratch, 'models'));
    const { report, last, peak } = await browserRun(scratch, {
      models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
      datasets: [{ source: 'local:made' }],
    });
    if (!report) throw new Error(`The run of ${documents} documents failed: ${last}`);
    return `${report.environment.seconds.toFixed(0)} s, renderer's peak ${peak.toFixed(0)} MB`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function searchAlone(documents: number): Promise<string> {
  const [layers, hiddenSize, block] = [13, 384, 512];
  const random = generator(1);
  const vectors = (rows: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: rows * layers * hiddenSize }, () => random.next() / 2 ** 31);
  const started = performance.now();
  let peak = 0;
  for (let model = 0; model < 2; model++) {
    const searcher = createCpuSearcher({
      layers,
      queries,
      hiddenSize,
      queryVectors: vectors(queries),
      k: 100,
      tieRanks: null,
    });
    // One block again and again: making numbers up must not be what is timed.
    const made = vectors(block);
    for (let at = 0; at < documents; at += block) {
      const rows = Int32Array.from({ length: Math.min(block, documents - at) }, (_, i) => at + i);
      await searcher.add(made.subarray(0, rows.length * layers * hiddenSize), rows);
      peak = Math.max(peak, process.memoryUsage().rss / 2 ** 20);
    }
    await searcher.rankings();
    searcher.dispose();
  }
  return `${((performance.now() - started) / 1000).toFixed(1)} s, peak ${peak.toFixed(0)} MB`;
}

/** Passages of MS MARCO and its judged queries, of which a passage has about 80 tokens. */
const marco = { passages: 8_841_823, queries: 6980, tokens: 80 };

async function inNode(documents: number): Promise<void> {
  const server = await openModuleServer();
  const scratch = mkdtempSync(join(tmpdir(), 'layerlab-scale-'));
  try {
    const bench = (await server.ssrLoadModule('/bench/nodeScale.ts')) as typeof import('./nodeScale.ts');
    const said = ({ seconds, memory }: Scaled): string =>
      `${seconds.toFixed(1)} s, peak memory ${memory.map(({ peak }) => peak.toFixed(0)).join(', ')} MB at each tenth`;
    const layered = { documents, queries, layers: 13, width: 384 };
    console.log(
      `${documents} × 13 × 384 in blocks of float16, ${queries} queries: ${said(await bench.searchBlocks(layered))}`,
    );
    const file = await bench.searchFile({ ...layered, layers: 1 }, scratch);
    console.log(
      `${documents} × 384, a file of float16 of ${(file.bytes / 2 ** 20).toFixed(0)} MB, ${queries} queries: ${said(file)}`,
    );
    const some = { ...layered, documents: Math.min(documents, 20_480), queries: marco.queries };
    const { seconds } = await bench.searchBlocks(some);
    const perLayer = (seconds / some.documents / some.layers) * marco.passages;
    console.log(`${some.documents} documents, ${marco.queries} queries, 13 layers: ${seconds.toFixed(1)} s`);
    console.log('layers | tokens | texts a second | hours to embed MS MARCO | hours to search it');
    for (const { last, tokens, textsPerSecond } of await bench.embeddingPace(
      [marco.tokens, 2 * marco.tokens],
      [0, 2, 6, 12],
    )) {
      const hours = [marco.passages / textsPerSecond, perLayer * (last + 1)].map((all) =>
        (all / 3600).toFixed(1),
      );
      console.log(`0 to ${last} | ${tokens} | ${textsPerSecond.toFixed(0)} | ${hours.join(' | ')}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await server.close();
  }
}

async function inBrowser(): Promise<void> {
  for (const documents of sizes) {
    console.log(
      `${documents} documents, search alone, 2 × 13 layers of 384: ${await searchAlone(documents)}`,
    );
  }
  for (const documents of sizes) {
    console.log(`${documents} documents, bundled models, all layers: ${await wholeRun(documents)}`);
  }
}

if (values.node) await inNode(positionals.length > 0 ? sizes[0]! : 1_000_000);
else await inBrowser();
