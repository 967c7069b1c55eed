import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import { writeRun } from '../src/lab/formats/trec.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';
import { type TieRule, tieRanks, tieRules } from '../src/search/ties.ts';
import { matrixProducts } from './node/matrixProducts.ts';
import { openVectorFile, type VectorFile } from './node/vectorFile.ts';
import { readThreads } from './threads.ts';

const usage = `Usage: npm run lab -- search VECTORS.npy... --queries VECTORS.npy --out RUN.trec [options]

Searches files of document vectors exactly, by cosine, and writes a TREC run. The files are read
in blocks, so that memory does not grow with them: .npy of float32 or float16, a row a document,
as runs with "keep": ["embeddings"] write them. Several files count as one, in their order.

  --ids FILE        ids of the documents, one a line; row numbers from 0 without
  --query-ids FILE  the same of the queries
  --k N             documents a query; 100 without
  --dot             by inner product
  --ties RULE       ${tieRules.join(', ')}; the first without
  --threads N       of the processor; what the system grants without
  --help            this text`;

/** Rows of the documents that are in memory at a time. */
const blockRows = 4096;

interface SearchFiles {
  readonly documents: readonly string[];
  readonly queries: string;
  readonly ids?: string;
  readonly queryIds?: string;
  readonly k: number;
  readonly similarity: 'cosine' | 'dot';
  readonly ties: TieRule;
  readonly threads: number;
}

/** `search`: a run of files of vectors. */
export async function search(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      queries: { type: 'string' },
      out: { type: 'string' },
      ids: { type: 'string' },
      'query-ids': { type: 'string' },
      k: { type: 'string', default: '100' },
      dot: { type: 'boolean', default: false },
      ties: { type: 'string', default: tieRules[0] },
      threads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || argv.length === 0) {
    console.log(usage);
    return;
  }
  const { queries, out, ids } = values;
  if (positionals.length === 0 || queries === undefined || out === undefined) {
    throw new UserError('search takes files of document vectors, --queries VECTORS.npy and --out RUN.trec.');
  }
  const ties = tieRules.find((rule) => rule === values.ties);
  if (!ties) throw new UserError(`--ties takes ${tieRules.join(', ')}, not "${values.ties}".`);
  const k = Number(values.k);
  if (!Number.isInteger(k) || k < 1)
    throw new UserError(`--k takes a whole number from 1, not "${values.k}".`);
  const similarity = values.dot ? 'dot' : 'cosine';
  const run = await searchFiles({
    documents: positionals,
    queries,
    ids,
    queryIds: values['query-ids'],
    k,
    similarity,
    ties,
    threads: readThreads(values.threads, 'node'),
  });
  writeFileSync(out, run);
  console.error(`Written to ${out}`);
}

/** @returns a TREC run. @throws UserError for files that are missing or do not fit each other */
export async function searchFiles(given: SearchFiles): Promise<string> {
  const files = given.documents.map(open);
  const queries = open(given.queries);
  try {
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    for (const [at, { width }] of files.entries()) {
      if (width === queries.width) continue;
      throw new UserError(
        `has vectors of ${width} numbers, and ${given.queries} of ${queries.width}; search files of one model.`,
        { file: given.documents[at] },
      );
    }
    const ids = idsIn(given.ids, rows, 'documents');
    const queryIds = idsIn(given.queryIds, queries.rows, 'queries');
    const [all] = [...queries.blocks(Math.max(1, queries.rows))];
    const k = Math.min(given.k, rows);
    const searcher = createCpuSearcher(
      {
        layers: 1,
        queries: queries.rows,
        hiddenSize: queries.width,
        queryVectors: all?.vectors ?? new Float32Array(0),
        k,
        tieRanks: tieRanks(ids, given.ties),
        similarity: given.similarity,
      },
      matrixProducts(await import('onnxruntime-node'), given.threads),
    );
    let start = 0;
    for (const file of files) {
      for (const { from, vectors } of file.blocks(blockRows)) {
        const first = start + from;
        const block = Int32Array.from({ length: vectors.length / file.width }, (_, row) => first + row);
        await searcher.add(vectors, block);
      }
      start += file.rows;
    }
    const [ranking] = await searcher.rankings();
    return writeRun({ queries: { ids: queryIds }, corpus: { ids } }, ranking!, 'search');
  } finally {
    for (const file of [...files, queries]) file.close();
  }
}

function open(path: string): VectorFile {
  if (!existsSync(path)) throw new UserError('there is no such file; check the name.', { file: path });
  return openVectorFile(path);
}

/** @throws UserError where there are not as many as rows */
function idsIn(file: string | undefined, rows: number, what: string): string[] {
  if (file === undefined) return Array.from({ length: rows }, (_, row) => String(row));
  if (!existsSync(file)) throw new UserError('there is no such file; check the name.', { file });
  const ids = readFileSync(file, 'utf8').split(/\r?\n/);
  if (ids.at(-1) === '') ids.pop();
  if (ids.length === rows) return ids;
  throw new UserError(
    `has ${ids.length} ids, and there are vectors of ${rows} ${what}; name the right one.`,
    {
      file,
    },
  );
}
