import { bytes as bytesInWords } from '../../base/units.ts';
import { Cancelled, UserError } from '../../base/userError.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import { collectionHash } from '../data/hash.ts';
import { sampleCollection } from '../data/sample.ts';
import { idfPooled } from '../embed/idfPooling.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import type { ModelKind } from '../models/types.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import { Explorer } from './explorer.ts';
import { indexCollection } from './indexCollection.ts';
import type { LayerVectors } from './layerVectors.ts';
import { readStoredVectors, storedSample } from './storedVectors.ts';

/** What exploring needs of its surroundings; the worker gives the browser's. */
export interface ExploreServices {
  loadCollection(
    dataset: DatasetSpec,
    spec: Spec,
    onNotice: (sentence: string) => void,
    signal: AbortSignal,
  ): Promise<Collection>;
  openModel(
    kind: ModelKind,
    spec: Spec,
    onDownload: (file: string, loaded: number, total: number | null) => void,
    signal: AbortSignal,
  ): Promise<OpenedModel>;
  /** null where vectors cannot be kept. */
  openStore(model: OpenedModel, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  /** The file of vectors that the page carries for a bundled collection; null where it has none. */
  storedVectors(name: string, signal: AbortSignal): Promise<Uint8Array | null>;
}

/** What happens until queries are answered. */
export type ExploreEvent =
  | { readonly type: 'stage'; readonly text: string }
  | { readonly type: 'notice'; readonly text: string }
  | {
      readonly type: 'embedding';
      readonly model: ModelKind;
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number | null;
    };

export interface ExploreRequest {
  /** Models, pooling, length and ties; of its collections the first is explored. */
  readonly spec: Spec;
  /** All documents of a bundled collection instead of the stored sample. */
  readonly whole: boolean;
  /** Which sample of a bundled collection: the one whose vectors the page carries, or what the spec asks for. */
  readonly sample?: 'stored' | 'spec';
}

export interface OpenedExplorer {
  readonly explorer: Explorer;
  /** Whether the vectors came with the page, in half precision, and were not made here. */
  readonly stored: boolean;
  /** Documents and queries that the collection has in all. */
  readonly of: { readonly queries: number; readonly documents: number };
}

const kinds = ['ce', 'de'] as const;

/** Vectors of both models that may be held at once; beyond it a tab is likely to be ended by the browser. */
const mostBytes = 1.5e9;

type Listen = (event: ExploreEvent) => void;

/**
 * Opens both models and brings a collection's vectors into memory: those stored with the page where they are of the
 * same models, texts and settings, else from the browser's store and, where they are not there, from the models.
 * @throws UserError for what the user can mend, Cancelled when the signal is aborted; what was embedded is kept
 */
export async function openExplorer(
  { spec, whole, sample: which = 'stored' }: ExploreRequest,
  services: ExploreServices,
  listen: Listen,
  signal: AbortSignal,
): Promise<OpenedExplorer> {
  const notice = (text: string): void => listen({ type: 'notice', text });
  const [dataset] = spec.datasets;
  if (!dataset) throw new UserError('is empty; name a collection to explore.', { field: 'datasets' });
  listen({ type: 'stage', text: 'Reading the collection' });
  const all = await services.loadCollection(dataset, spec, notice, signal);
  const carries = dataset.source.startsWith('bundled:') && !whole && which === 'stored';
  const sample = carries
    ? sampleCollection(all, storedSample)
    : sampleCollection(all, {
        ...dataset,
        ...(whole ? { queries: null, documents: null } : {}),
        seed: spec.seed,
      });
  const models: Partial<Record<ModelKind, OpenedModel>> = {};
  try {
    for (const kind of kinds) {
      listen({ type: 'stage', text: `Opening the ${kind.toUpperCase()}, ${spec.models[kind].source}` });
      models[kind] = await services.openModel(kind, spec, () => {}, signal);
    }
    const opened = {
      ce: idfPooled(models.ce!, sample.corpus.texts),
      de: idfPooled(models.de!, sample.corpus.texts),
    };
    refuseTooLarge(sample, opened);
    const carried = carries ? await carriedVectors(sample, opened, services, signal) : null;
    const vectors = carried ?? (await embedded(sample, opened, { services, listen, notice, signal }));
    if (signal.aborted) throw new Cancelled();
    const explorer = await Explorer.open(
      {
        collection: sample,
        models: {
          ce: { opened: opened.ce, documents: vectors.ce },
          de: { opened: opened.de, documents: vectors.de },
        },
        ties: spec.ties,
      },
      signal,
    );
    // The first run of a model takes several times as long as the next.
    await explorer.search('warm', 1, [], signal);
    return {
      explorer,
      stored: carried !== null,
      of: {
        queries: all.of?.queries ?? all.queries.ids.length,
        documents: all.of?.documents ?? all.corpus.ids.length,
      },
    };
  } catch (error) {
    for (const kind of kinds) await models[kind]?.session.dispose();
    throw error;
  }
}

function refuseTooLarge(
  { corpus, title }: Collection,
  models: Readonly<Record<ModelKind, OpenedModel>>,
): void {
  const perDocument = kinds.reduce((sum, kind) => {
    const { layers, info } = models[kind].session;
    return sum + 4 * layers.length * info.hiddenSize;
  }, 0);
  const needed = perDocument * corpus.ids.length;
  if (needed <= mostBytes) return;
  throw new UserError(
    `${title} takes ${bytesInWords(needed)} at every layer of both models, more than a tab holds; explore a sample of at most ${Math.floor(mostBytes / perDocument)} documents.`,
    { field: 'datasets[0].documents' },
  );
}

async function carriedVectors(
  sample: Collection,
  models: Readonly<Record<ModelKind, OpenedModel>>,
  services: ExploreServices,
  signal: AbortSignal,
): Promise<Record<ModelKind, LayerVectors> | null> {
  const file = await services.storedVectors(sample.name, signal);
  if (!file) return null;
  return readStoredVectors(
    file,
    storedVectorsOf(sample, models),
    `stored/vectors/${sample.name}.safetensors`,
  );
}

/** What the vectors of a sample under two models are identified by. */
export function storedVectorsOf(
  sample: Collection,
  models: Readonly<Record<ModelKind, Pick<OpenedModel, 'session' | 'encoder'>>>,
): Parameters<typeof readStoredVectors>[1] {
  return {
    collection: collectionHash(sample),
    models: { ce: models.ce.session.info.sha256, de: models.de.session.info.sha256 },
    rows: { ce: models.ce.encoder.key, de: models.de.encoder.key },
  };
}

async function embedded(
  sample: Collection,
  models: Readonly<Record<ModelKind, OpenedModel>>,
  context: {
    readonly services: ExploreServices;
    readonly listen: Listen;
    readonly notice: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<Record<ModelKind, LayerVectors>> {
  const { services, listen, notice, signal } = context;
  const vectorsOf = async (kind: ModelKind): Promise<LayerVectors> => {
    const model = models[kind];
    const store = await services.openStore(model, notice);
    const total = sample.corpus.texts.length;
    const characters = sample.corpus.texts.reduce((sum, text) => sum + text.length, 0);
    try {
      return await indexCollection(sample, {
        model,
        store,
        signal,
        onProgress: (now) => {
          const pace = now.computedCharacters > 0 ? now.seconds / now.computedCharacters : null;
          listen({
            type: 'embedding',
            model: kind,
            done: now.texts,
            total,
            secondsLeft: pace === null ? null : pace * (characters - now.characters),
          });
        },
      });
    } finally {
      await store?.close();
    }
  };
  return { ce: await vectorsOf('ce'), de: await vectorsOf('de') };
}
