import { UserError } from '../../base/userError.ts';
import { encodePath } from '../hub/encodePath.ts';
import { splitSource } from '../hub/source.ts';
import type { DatasetSpec } from '../spec/spec.ts';
import { type CollectionHead, judgedSlice, type ReadCollection } from './beir.ts';
import { isSplittable, lineRange, type RangedFile } from './lineRange.ts';
import type { NamedSource } from './lines.ts';
import { type LoadContext, type LoadOptions, localFiles, served, shortName } from './load.ts';
import { gatherJudgements, judgementsOf } from './qrels.ts';
import { RowLedger } from './rowLedger.ts';
import { type Shard, shardRows } from './shard.ts';
import { readTexts } from './texts.ts';
import { beirFiles, preferredSplit, visibleFiles } from './understand.ts';

/**
 * Loads a shard's documents and all queries of a collection, without reading the others: of JSON Lines the lines that
 * begin in the shard's part of the bytes, of Parquet the groups of rows that begin in its part of the rows.
 * @returns null where only the whole can be read: packed files, pairs, whose equal texts are one, and the like
 * @throws UserError when it is not there or cannot be read
 */
export async function loadSlice(
  dataset: DatasetSpec,
  shard: Shard,
  context: LoadContext,
  options: Pick<LoadOptions, 'signal' | 'onDownload'>,
): Promise<ReadCollection | null> {
  const { scheme, name } = splitSource(dataset.source);
  const { signal } = options;
  const { source, split } = dataset;
  switch (scheme) {
    case 'bundled': {
      const url = (path: string): string =>
        new URL(`datasets/${name}/${encodePath(path)}`, context.base).href;
      const file = (path: string): NamedSource => served(url(path), `${source}/${path}`, signal);
      return await readSlice(
        await ranged(url('corpus.jsonl'), `${source}/corpus.jsonl`, signal),
        { queries: file('queries.jsonl'), qrels: file(`qrels/${split}.tsv`) },
        { name, title: name, source, split },
        shard,
      );
    }
    case 'local': {
      const { corpus, queries, qrels } = beirFiles(
        visibleFiles(await localFiles(source, name, context, signal)),
      );
      const wanted = split === 'test' ? preferredSplit([...qrels.keys()]) : split;
      const judged = qrels.get(wanted);
      if (!corpus || !queries || !judged) return null;
      const url = new URL(`__local/data/${encodePath(`${name}/${corpus.path}`)}`, context.base).href;
      const short = shortName(name);
      const head = { name: short, title: short, source, split: wanted };
      return await readSlice(await ranged(url, corpus.name, signal), { queries, qrels: judged }, head, shard);
    }
    case 'hub': {
      const { loadHubSlice } = await import('./hub/load.ts');
      return await loadHubSlice(dataset, shard, context, options);
    }
    default:
      return null;
  }
}

async function readSlice(
  file: RangedFile | null,
  { queries: queryFile, qrels }: { readonly queries: NamedSource; readonly qrels: NamedSource },
  head: CollectionHead,
  shard: Shard,
): Promise<ReadCollection | null> {
  if (!file || !(await isSplittable(file))) return null;
  const ledger = new RowLedger();
  const lines = lineRange(file, shardRows(file.byteLength, shard));
  const corpus = await readTexts(lines, 'documents', ledger, true);
  const queries = await readTexts(queryFile, 'queries', ledger);
  const judgements = await gatherJudgements(judgementsOf(qrels), qrels.name, ledger);
  return judgedSlice({ corpus, queries, judgements, ledger }, head);
}

/** A served file by ranges; null where it is not there, which reading it whole says. */
async function ranged(url: string, name: string, signal?: AbortSignal): Promise<RangedFile | null> {
  const { ok, headers } = await fetch(url, { method: 'HEAD', signal });
  const byteLength = Number(headers.get('Content-Length') ?? Number.NaN);
  if (!ok || !Number.isSafeInteger(byteLength)) return null;
  return {
    name,
    byteLength,
    async slice(from, to) {
      if (to <= from) return new ArrayBuffer(0);
      const response = await fetch(url, { signal, headers: { Range: `bytes=${from}-${to - 1}` } });
      const bytes = response.status === 206 ? await response.arrayBuffer() : null;
      if (bytes?.byteLength === to - from) return bytes;
      throw new UserError('cannot be read in parts, or changed meanwhile; try again.', { file: name });
    },
  };
}
