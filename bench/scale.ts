/**
 * `npm run bench:scale [-- DOCUMENTS ...]`: time and peak memory of the whole layer-wise run as collections grow, with
 * the bundled models on made-up texts, from the command line; and of the exact search alone on made-up embeddings
 * of 13 layers of 384 by two models, in Node. Memory is read from Linux' /proc.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generator } from '../src/base/random.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';
import { browserRun } from './browserRun.ts';
import { writeCollection } from './madeCollection.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000, 100_000];
const queries = 100;
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

for (const documents of sizes) {
  console.log(`${documents} documents, search alone, 2 × 13 layers of 384: ${await searchAlone(documents)}`);
}
for (const documents of sizes) {
  console.log(`${documents} documents, bundled models, all layers: ${await wholeRun(documents)}`);
}
