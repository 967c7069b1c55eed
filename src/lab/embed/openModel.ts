import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import { openStore } from '../cache/opfs.ts';
import { askedBackend } from '../models/backend.ts';
import type { CheckMemory } from '../models/checkMemory.ts';
import type { OpenGraph } from '../models/openedGraph.ts';
import type { OwnKernels, SessionOptions } from '../models/readModel.ts';
import { requireModel } from '../models/requireModel.ts';
import { openLayerSession } from '../models/session.ts';
import { settleBackend } from '../models/settleBackend.ts';
import type { SharedSessions } from '../models/sharedSessions.ts';
import { contentIds, readTokenizer, selfPairEncoder, singleEncoder, specialIds } from '../models/tokenise.ts';
import type { BackendCheck, LayerSession, ModelFiles, ModelKind, RowEncoder } from '../models/types.ts';
import type { Spec } from '../spec/spec.ts';

export interface OpenedModel {
  readonly session: LayerSession;
  readonly encoder: RowEncoder;
  /** For queries, where the model reads them otherwise than documents. */
  readonly queryEncoder?: RowEncoder;
  /** What ranks; cosine unless the model says otherwise. */
  readonly similarity?: 'cosine' | 'dot';
  /** What may surprise about how the model is read, in sentences. */
  readonly notes?: readonly string[];
  /** Whether a vector is sooner computed than read from a store. */
  readonly unstored?: boolean;
  /** Identifies the tokeniser's vocabulary and rules. */
  readonly tokenizerHash: string;
  /** Where tokens are to weigh by their IDF: what that is counted with, collection by collection; see `idfPooled`. */
  readonly idf?: IdfTokens;
  /** How tokens are weighted, in a sentence, where not alike. */
  readonly weights?: string;
}

/** A tokeniser as far as an IDF needs it. */
export interface IdfTokens {
  /** A text's tokens before any cut, specials left out. */
  content(text: string): readonly number[];
  /** Tokens that weigh nothing. */
  readonly specials: ReadonlySet<number>;
}

/** Where models are read from, and what runs them. */
export interface ModelSource {
  /** Files of a model, none of them read yet. */
  openFiles(source: string, signal?: AbortSignal): Promise<ModelFiles>;
  adapter(): Promise<SessionOptions['adapter']>;
  /** What is known of models on adapters. */
  readonly checks: CheckMemory<BackendCheck>;
  /** Where the lab's own kernels may run models. */
  readonly ownKernels?: OwnKernels;
  /** Where sessions with every layer are shared among those who look at the same models. */
  readonly sessions?: SharedSessions;
}

interface Opening {
  readonly signal: AbortSignal;
  /** Where the model's graph is run; here without. */
  readonly openGraph?: OpenGraph;
  readonly onDownload?: SessionOptions['onDownload'];
}

/**
 * How a spec runs a model of a kind, its backend settled.
 * @param source the model's, where it is not the spec's for its kind
 */
export async function sessionOptions(
  kind: ModelKind,
  spec: Spec,
  from: ModelSource,
  { signal, onDownload }: Opening,
  source = spec.models[kind].source,
): Promise<SessionOptions> {
  const options = {
    files: await from.openFiles(source, signal),
    kind,
    dtype: spec.models[kind].dtype,
    backend: askedBackend(spec),
    adapter: await from.adapter(),
    ownKernels: from.ownKernels,
    signal,
    onDownload,
  };
  return await settleBackend(options, from.checks);
}

/**
 * Opens a spec's CE or DE for layer-wise search, pooled as the spec says.
 * @param layers ascending layer indices; null for all
 */
export async function openModel(
  kind: ModelKind,
  spec: Spec,
  from: ModelSource,
  { layers, ...opening }: Opening & { readonly layers: readonly number[] | null },
): Promise<OpenedModel> {
  const options = await sessionOptions(kind, spec, from, opening);
  const { files } = options;
  await requireModel(files, opening.signal);
  const session = await (from.sessions && layers === null
    ? from.sessions.hold(options)
    : openLayerSession(options, layers, opening.openGraph));
  const tokenizer = await readTokenizer(files, opening.signal);
  const { maxTokens, padTokenId } = session.info;
  const maxLength = Math.min(spec.maxLength, maxTokens);
  return {
    session,
    tokenizerHash: await tokenizerHash(files, opening.signal),
    encoder:
      kind === 'ce'
        ? selfPairEncoder(tokenizer, spec.pooling, maxLength, padTokenId)
        : singleEncoder(tokenizer, { rule: 'sentence', cls: spec.pooling.cls }, maxLength, padTokenId),
    ...(spec.pooling.weights === 'idf' ? { idf: idfTokens(tokenizer) } : {}),
  };
}

export function idfTokens(tokenizer: Awaited<ReturnType<typeof readTokenizer>>): IdfTokens {
  return { content: (text) => contentIds(tokenizer, text), specials: specialIds(tokenizer) };
}

/** Identifies a tokeniser by its file. */
export async function tokenizerHash(files: ModelFiles, signal: AbortSignal): Promise<string> {
  return bytesToHex(sha256(utf8ToBytes(await files.text('tokenizer.json', signal)))).slice(0, 16);
}

/** Opens the store of a model's vectors; null, with a notice, where none can be kept. */
export function openVectorStore(
  { session, encoder, tokenizerHash: tokenizer }: OpenedModel,
  onNotice: (sentence: string) => void,
): Promise<OpenedStore | null> {
  const { source, sha256: model, hiddenSize } = session.info;
  const { layers } = session;
  return openStore({ source, model, tokenizer, layers, hiddenSize, rows: encoder.key }, onNotice);
}
