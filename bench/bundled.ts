import { type LoadContext, loadCollection } from '../src/lab/data/load.ts';
import { batchesByLength } from '../src/lab/embed/batchesByLength.ts';
import { defaultHub } from '../src/lab/hub/name.ts';
import { padBatch } from '../src/lab/models/batch.ts';
import { batchingFor } from '../src/lab/models/batching.ts';
import { openModelFiles } from '../src/lab/models/files.ts';
import type { OwnKernels } from '../src/lab/models/readModel.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../src/lab/models/tokenise.ts';
import type { Backend, ModelFiles, ModelKind, RowEncoder, TokenBatch } from '../src/lab/models/types.ts';

/** Where models and texts are looked up. @param base URL of the folder that holds the page's files */
export function contextAt(base: string): LoadContext {
  return { base, hub: defaultHub, folders: new Map(), understood: new Map() };
}

/** What the benches of a page measure on: the bundled models and texts, served beside it. */
const besidePage = (): LoadContext => contextAt(`${location.origin}/`);

export const modelNames: Readonly<Record<ModelKind, string>> = { ce: 'mini-ce', de: 'mini-de' };

export function bundledModel(kind: ModelKind): Promise<ModelFiles> {
  return openModelFiles(`bundled:${modelNames[kind]}`, besidePage());
}

export function bundledTexts(name: string, count: number): Promise<readonly string[]> {
  return firstTexts(`bundled:${name}`, count, besidePage());
}

/** The first documents of a collection, in file order. */
export async function firstTexts(
  source: string,
  count: number,
  context: LoadContext,
): Promise<readonly string[]> {
  const dataset = { source, split: 'test', queries: null, documents: null };
  const { collection } = await loadCollection(dataset, context, { seed: 1 });
  return collection.corpus.texts.slice(0, count);
}

/** As the layer-wise run reads a text: a CE paired with itself. */
export async function bundledEncoder(
  kind: ModelKind,
  files: ModelFiles,
  maxLength = 256,
): Promise<RowEncoder> {
  const tokenizer = await readTokenizer(files);
  return kind === 'ce'
    ? selfPairEncoder(tokenizer, { segments: 'both', cls: false }, maxLength, 0)
    : singleEncoder(tokenizer, { rule: 'sentence', cls: false }, maxLength, 0);
}

/** Texts as the lab batches them for a backend. */
export function batchesOf(texts: readonly string[], encoder: RowEncoder, backend: Backend): TokenBatch[] {
  const rows = texts.map((text) => encoder.encode(text));
  const lengths = rows.map((row) => row.inputIds.length);
  return batchesByLength(lengths, batchingFor({ backend })).map((batch) =>
    padBatch(
      batch.map((index) => rows[index]!),
      encoder.padTokenId,
    ),
  );
}

/** The lab's own kernels, of which nothing is known: each model is checked when it is opened. */
export const ownKernels: OwnKernels = {
  checks: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
};
