import type { Collection } from '../data/collection.ts';
import type { ExpectedCollection } from '../data/hub/expect.ts';
import { readModelConfig } from '../models/config.ts';
import type { ModelFiles, ModelKind } from '../models/types.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import { systemNamed, systemsOf } from '../spec/systemName.ts';
import { trainingCosts } from '../training/trainingCost.ts';
import { encodersOf } from './comparisonCost.ts';

/** What a run would store for the next one, at most. */
export interface StorageForecast {
  readonly bytes: number;
  /** False where a part's size is not known before a model or a collection has been fetched. */
  readonly whole: boolean;
}

interface Sources {
  /** A collection, or what is known of one that nothing is fetched of before a run. */
  load(dataset: DatasetSpec): Promise<Collection | ExpectedCollection>;
  /** Files of a model; null of one that is not fetched before a run. */
  openFiles(source: string): Promise<ModelFiles | null>;
}

const float = 4;
/** Of each text or pair, besides its vector. */
const keyBytes = 16;
/** A checkpoint is whole before the oldest of the two that are kept is removed. */
const checkpointsAtOnce = 3;

/** Adds sizes up, of which some may not be known. */
class Sum {
  bytes = 0;
  whole = true;

  add(bytes: number | null): void {
    if (bytes === null) this.whole = false;
    else this.bytes += bytes;
  }
}

interface Width {
  readonly layers: number;
  readonly hiddenSize: number;
}

/** Reckons what the embeddings, logits, checkpoints and downloads of a run take of the browser's storage. */
export async function storageForecast(spec: Spec, sources: Sources): Promise<StorageForecast> {
  const sum = new Sum();
  const widths = new Map<string, Width | null>();
  const widthOf = async (source: string): Promise<Width | null> => {
    if (!widths.has(source)) widths.set(source, await readWidth(source, sources));
    return widths.get(source) ?? null;
  };
  const models: Record<ModelKind, Width | null> = {
    ce: await widthOf(spec.models.ce.source),
    de: await widthOf(spec.models.de.source),
  };
  let pairs = 0;
  const texts = { all: 0, queries: 0, documents: 0 };
  for (const dataset of spec.datasets) {
    const whole = await sources.load(dataset);
    const { queries, documents } = taken(dataset, whole);
    if ('bytes' in whole) sum.add(whole.bytes);
    texts.queries += queries;
    texts.documents += documents;
    texts.all += queries + documents;
    pairs += queries * Math.min(spec.compare.rerankDepth, documents);
  }
  const vectors = (count: number, width: number): number => count * (width * float + keyBytes);
  if (spec.layerwise.enabled) {
    for (const width of Object.values(models)) {
      const layers = spec.layerwise.layers?.length ?? (width && width.layers + 1);
      sum.add(width && layers && vectors(texts.all, layers * width.hiddenSize));
    }
  }
  if (spec.compare.enabled) {
    for (const { width, share } of await encoderWidths(spec, models, widthOf)) {
      sum.add(width && vectors(texts[share], width.hiddenSize));
    }
    if (spec.compare.rerankDepth > 0) sum.add(vectors(pairs * systemsOf(spec).length, 1));
  }
  if (spec.train.length > 0) sum.add(await checkpointBytes(spec, sources));
  return { bytes: sum.bytes, whole: sum.whole };
}

function taken(
  dataset: DatasetSpec,
  whole: Collection | ExpectedCollection,
): { queries: number; documents: number } {
  const [queries, documents] =
    'bytes' in whole
      ? [whole.queries, whole.documents]
      : [whole.queries.texts.length, whole.corpus.texts.length];
  return {
    queries: Math.min(dataset.queries ?? queries, queries),
    documents: Math.min(dataset.documents ?? documents, documents),
  };
}

async function readWidth(source: string, { openFiles }: Sources): Promise<Width | null> {
  const files = await openFiles(source);
  return files && (await readModelConfig(files));
}

/** The encoders of a comparison, each once; token embeddings without an encoder are not stored. */
async function encoderWidths(
  spec: Spec,
  models: Readonly<Record<ModelKind, Width | null>>,
  widthOf: (source: string) => Promise<Width | null>,
): Promise<{ readonly width: Width | null; readonly share: 'all' | 'queries' | 'documents' }[]> {
  const encoders = new Map(
    systemsOf(spec)
      .flatMap((system) => encodersOf(spec, system))
      .map((one) => [`${one.name} ${one.share}`, one]),
  );
  const found: { width: Width | null; share: 'all' | 'queries' | 'documents' }[] = [];
  for (const { name, share } of encoders.values()) {
    // The same store as for all texts.
    if (share !== 'all' && encoders.has(`${name} all`)) continue;
    const system = systemNamed(spec, name);
    const train = spec.train.find(
      (one) => one.name === name || (system.type === 'model' && system.source === `folder:${one.name}`),
    );
    if (train) found.push({ width: models[train.init === 'de' ? 'de' : 'ce'], share });
    else if (system.type === 'layer') found.push({ width: models[system.kind], share });
    else if (system.type === 'baseline') found.push({ width: models.de, share });
    else if (system.type === 'model') found.push({ width: await widthOf(system.source), share });
  }
  return found;
}

/** Runs train one after the other, and one that has ended leaves no checkpoint. */
async function checkpointBytes(spec: Spec, { openFiles }: Sources): Promise<number | null> {
  const { ce, de } = spec.models;
  const used = new Set(spec.train.map(({ init }) => (init === 'de' ? de : ce).source));
  const files = new Map<string, ModelFiles>();
  for (const source of used) {
    const opened = await openFiles(source);
    if (!opened) return null;
    files.set(source, opened);
  }
  const costs = await trainingCosts(spec, (source) => Promise.resolve(files.get(source)!));
  return checkpointsAtOnce * Math.max(...costs.map(({ weights, moments }) => weights + moments));
}
