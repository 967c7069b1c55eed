import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { isUserError } from '../../../base/userError.ts';
import { closeQuietly, type FileStore } from '../../cache/fileStore.ts';
import { isFull } from '../../cache/writes.ts';
import { hubAccess } from '../../hub/access.ts';
import type { DatasetSpec } from '../../spec/spec.ts';
import type { ReadCollection } from '../beir.ts';
import { readCountsSchema } from '../dataReport.ts';
import { recordsOf } from '../records.ts';

/** What is needed of a place for files. */
export type CollectionStore = Pick<FileStore, 'whole' | 'part' | 'finish' | 'remove'>;

/** To be raised when the same spec reads something else. */
const readerVersion = 2;

/** Characters that are encoded and written at once. */
const batchLength = 2 ** 20;

const headSchema = z.object({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  split: z.string(),
  licence: z.string().optional(),
  about: z.string().optional(),
  judgements: z.string().optional(),
  of: z.object({ queries: z.number(), documents: z.number() }).optional(),
  counts: readCountsSchema.optional(),
  documents: z.number(),
  queries: z.number(),
  warnings: z.array(z.string()),
});
const textSchema = z.tuple([z.string(), z.string()]);
const gradesSchema = z.array(z.tuple([z.number(), z.number()]));

/** The file of what a spec's dataset reads from one commit. @param judgements their source, with the commit */
export function keptFile(
  { split, queries, documents, columns }: DatasetSpec,
  judgements: string | null,
  seed: number,
): string {
  const key = JSON.stringify([readerVersion, split, queries, documents, columns ?? null, judgements, seed]);
  const size = documents === null ? 'all' : `${documents} documents, seed ${seed}`;
  return `${split}, ${size}, ${bytesToHex(sha256(utf8ToBytes(key))).slice(0, 12)}.jsonl`;
}

/** @returns null where it was not kept whole */
export async function keptCollection(store: CollectionStore, path: string): Promise<ReadCollection | null> {
  const file = await store.whole(path);
  if (!file) return null;
  try {
    const records = recordsOf({ name: path, stream: () => Promise.resolve(file.stream()) });
    const next = async <T>(schema: z.ZodType<T>): Promise<T> =>
      schema.parse((await records.next()).value?.value);
    const { documents, queries, warnings, ...head } = await next(headSchema);
    const texts = async (count: number): Promise<{ ids: string[]; texts: string[] }> => {
      const table = { ids: [] as string[], texts: [] as string[] };
      for (let row = 0; row < count; row++) {
        const [id, text] = await next(textSchema);
        table.ids.push(id);
        table.texts.push(text);
      }
      return table;
    };
    const corpus = await texts(documents);
    const asked = await texts(queries);
    const qrels: Map<number, number>[] = [];
    for (let q = 0; q < queries; q++) qrels.push(new Map(await next(gradesSchema)));
    return { collection: { ...head, corpus, queries: asked, qrels }, warnings };
  } catch (error) {
    // What is not as it was written is fetched again.
    if (error instanceof z.ZodError || isUserError(error)) return null;
    throw error;
  }
}

/** Keeps a collection for the next run; where there is no room it is not kept, and that is said. */
export async function keepCollection(
  store: CollectionStore,
  path: string,
  { collection, warnings }: ReadCollection,
): Promise<void> {
  try {
    await write(store, path, linesOf({ collection, warnings }));
  } catch (error) {
    if (!isFull(error)) throw error;
    await store.remove(path);
    hubAccess().onNotice(`${collection.source} is not kept for the next run: the browser's storage is full.`);
  }
}

async function write(store: CollectionStore, path: string, lines: Iterable<string>): Promise<void> {
  // Another tab may be writing it.
  const part = await store.part(path);
  if (!part) return;
  try {
    part.clear();
    const encoder = new TextEncoder();
    for (const batch of batchesOf(lines)) part.append(encoder.encode(batch));
  } catch (error) {
    closeQuietly(part);
    throw error;
  }
  part.close();
  await store.finish(path);
}

function* linesOf({ collection, warnings }: ReadCollection): Generator<string> {
  const { corpus, queries, qrels, ...head } = collection;
  yield JSON.stringify({ ...head, documents: corpus.ids.length, queries: queries.ids.length, warnings });
  for (const { ids, texts } of [corpus, queries]) {
    for (const [row, id] of ids.entries()) yield JSON.stringify([id, texts[row]]);
  }
  for (const judged of qrels) yield JSON.stringify([...judged]);
}

function* batchesOf(lines: Iterable<string>): Generator<string> {
  let batch: string[] = [];
  let length = 0;
  for (const line of lines) {
    batch.push(line, '\n');
    length += line.length + 1;
    if (length < batchLength) continue;
    yield batch.join('');
    batch = [];
    length = 0;
  }
  yield batch.join('');
}
