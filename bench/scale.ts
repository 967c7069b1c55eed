/**
 * `npm run bench:scale [-- DOCUMENTS ...]`: time and peak memory of the whole layer-wise run as collections grow, with
 * the bundled models on made-up texts, from the command line; and of the exact search alone on made-up embeddings
 * of 13 layers of 384 by two models, in Node. Memory is read from Linux' /proc.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generator } from '../src/base/random.ts';
import { readReport } from '../src/lab/report/read.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000, 100_000];
const queries = 100;
const wordsPerDocument = 12;

/** Words of a bundled collection, so that made-up texts are tokenised as texts are. */
function vocabulary(): string[] {
  const text = readFileSync(join(root, 'public/datasets/wordnet-definitions/corpus.jsonl'), 'utf8');
  return [...new Set(text.match(/[a-z]{3,}/g))];
}

/** A BEIR folder; the i-th query is the first half of the i-th document. */
function writeCollection(folder: string, documents: number): void {
  const words = vocabulary();
  const random = generator(documents);
  const texts = Array.from({ length: documents }, () =>
    Array.from({ length: wordsPerDocument }, () => words[Math.abs(random.next()) % words.length]!).join(' '),
  );
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    texts.map((text, i) => `${JSON.stringify({ _id: `d${i}`, title: '', text })}\n`).join(''),
  );
  writeFileSync(
    join(folder, 'queries.jsonl'),
    texts
      .slice(0, queries)
      .map((text, i) => {
        const half = text.split(' ').slice(0, wordsPerDocument / 2);
        return `${JSON.stringify({ _id: `q${i}`, text: half.join(' ') })}\n`;
      })
      .join(''),
  );
  const judged = Array.from({ length: queries }, (_, i) => `q${i}\td${i}\t1\n`).join('');
  writeFileSync(join(folder, 'qrels/test.tsv'), `query-id\tcorpus-id\tscore\n${judged}`);
}

/** Highest resident set of any renderer below a process, in MB; the page and its workers live in one. */
function rendererPeak(ancestor: number): number {
  const parents = new Map<number, number>();
  const peaks = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'))
        peaks.set(pid, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === ancestor) return true;
    return false;
  };
  return Math.max(0, ...[...peaks].filter(([pid]) => isBelow(pid)).map(([, peak]) => peak));
}

async function wholeRun(documents: number): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'layerlab-scale-'));
  try {
    writeCollection(join(scratch, 'data/made'), documents);
    const spec = join(scratch, 'spec.json');
    writeFileSync(
      spec,
      JSON.stringify({
        models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
        datasets: [{ source: 'local:made' }],
      }),
    );
    const out = join(scratch, 'out');
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', 'bin/lab.ts', 'run', spec],
        ...['--out', out, '--data', join(scratch, 'data'), '--no-cache', '--runtime', 'browser'],
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    let peak = 0;
    const poll = setInterval(() => {
      peak = Math.max(peak, rendererPeak(child.pid ?? 0));
    }, 500);
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    clearInterval(poll);
    if (code !== 0) throw new Error(`The run of ${documents} documents ended with ${code}.`);
    const { environment } = readReport(readFileSync(join(out, 'report.json'), 'utf8'), 'report.json');
    return `${environment.seconds.toFixed(0)} s, renderer's peak ${peak.toFixed(0)} MB`;
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
