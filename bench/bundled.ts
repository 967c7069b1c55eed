import { loadCollection } from '../src/lab/data/load.ts';
import { batchesByLength } from '../src/lab/embed/embedTexts.ts';
import { defaultHub } from '../src/lab/hub/name.ts';
import { padBatch } from '../src/lab/models/batch.ts';
import { openModelFiles } from '../src/lab/models/files.ts';
import { tokenBudget } from '../src/lab/models/tokenBudget.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../src/lab/models/tokenise.ts';
import type { Backend, ModelFiles, ModelKind, RowEncoder, TokenBatch } from '../src/lab/models/types.ts';

/** What the benches measure on: the bundled models and texts, served beside the page. */
const context = {
  base: `${location.origin}/`,
  hub: defaultHub,
  folders: new Map<string, ReadonlyMap<string, File>>(),
  understood: new Map(),
};

export const modelNames: Readonly<Record<ModelKind, string>> = { ce: 'mini-ce', de: 'mini-de' };

export function bundledModel(kind: ModelKind): Promise<ModelFiles> {
  return openModelFiles(`bundled:${modelNames[kind]}`, context);
}

/** The first documents of a bundled collection, in file order. */
export async function bundledTexts(name: string, count: number): Promise<readonly string[]> {
  const dataset = { source: `bundled:${name}`, split: 'test', queries: null, documents: null };
  const { collection } = await loadCollection(dataset, context, { seed: 1 });
  return collection.corpus.texts.slice(0, count);
}

export async function bundledEncoder(kind: ModelKind, files: ModelFiles): Promise<RowEncoder> {
  const tokenizer = await readTokenizer(files);
  return kind === 'ce'
    ? selfPairEncoder(tokenizer, { segments: 'both', cls: false }, 256, 0)
    : singleEncoder(tokenizer, { rule: 'sentence', cls: false }, 256, 0);
}

/** Texts as the lab batches them for a backend. */
export function batchesOf(texts: readonly string[], encoder: RowEncoder, backend: Backend): TokenBatch[] {
  const rows = texts.map((text) => encoder.encode(text));
  const lengths = rows.map((row) => row.inputIds.length);
  return batchesByLength(lengths, tokenBudget(backend)).map((batch) =>
    padBatch(
      batch.map((index) => rows[index]!),
      encoder.padTokenId,
    ),
  );
}
