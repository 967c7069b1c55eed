import type { OpenedStore } from '../cache/embeddingStore.ts';
import { openStore } from '../cache/opfs.ts';
import { checkBaseline, checkLayers } from '../embed/checkModel.ts';
import { openBaseline } from '../embed/openBaseline.ts';
import {
  type ModelSource,
  type OpenedModel,
  openModel,
  sessionOptions,
  tokenizerHash,
} from '../embed/openModel.ts';
import { checkStatic, openStatic } from '../embed/openStatic.ts';
import { readModelConfig } from '../models/config.ts';
import { ownSettings, readOwnReading } from '../models/sentenceTransformers/ownReading.ts';
import { requireTokenizer } from '../models/tokenise.ts';
import type { Spec } from '../spec/spec.ts';
import type { Encoder } from '../spec/systemName.ts';
import { openReranker, requireHead } from './openReranker.ts';
import type { OpenedReranker } from './rerank.ts';

/** Opens one layer of a model that a comparison names; a whole DE reads and pools as its own configuration says. */
export async function openSystem(
  system: Encoder,
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<OpenedModel> {
  if (system.type === 'layer') {
    const { kind, layer, pooling } = system;
    const pooled = { ...spec, pooling: { ...spec.pooling, ...pooling } };
    return await openModel(kind, pooled, from, { layers: [layer], signal });
  }
  if (system.type === 'static') return await openStatic(system, spec, from, signal);
  const isBaseline = system.type === 'baseline';
  const source = isBaseline ? spec.models.de.source : system.source;
  const options = await sessionOptions('de', spec, from, { signal }, source);
  return {
    ...(await (isBaseline
      ? openBaseline(options, spec.models.de)
      : openBaseline(options, ownSettings, system.layer))),
    tokenizerHash: await tokenizerHash(options.files, signal),
  };
}

/** Whether a system could be opened. @throws UserError as {@link openSystem} would */
export async function checkSystem(
  system: Encoder,
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<void> {
  if (system.type === 'layer') {
    const options = await sessionOptions(system.kind, spec, from, { signal });
    return await checkLayers(options, [system.layer]);
  }
  if (system.type === 'static') return await checkStatic(system, spec, from, signal);
  const isBaseline = system.type === 'baseline';
  const source = isBaseline ? spec.models.de.source : system.source;
  const options = await sessionOptions('de', spec, from, { signal }, source);
  if (isBaseline) await checkBaseline(options, spec.models.de);
  else await checkBaseline(options, ownSettings, system.layer);
}

/**
 * Numbers of a system's vectors, by configuration files alone; of a model that the spec trains, those of what it
 * begins from.
 * @throws UserError where a file is missing or wrong
 */
export async function systemWidth(
  system: Encoder,
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<number> {
  const { models } = spec;
  const configOf = async (source: string) =>
    await readModelConfig(await from.openFiles(source, signal), signal);
  if (system.type === 'layer') return (await configOf(models[system.kind].source)).hiddenSize;
  if (system.type === 'static') return (await configOf(models[system.kind].source)).embeddingSize;
  const train = spec.train.find(({ name }) => system.type === 'model' && system.source === `folder:${name}`);
  if (train) return (await configOf(models[train.init === 'de' ? 'de' : 'ce'].source)).hiddenSize;
  const isBaseline = system.type === 'baseline';
  const files = await from.openFiles(isBaseline ? models.de.source : system.source, signal);
  const config = await readModelConfig(files, signal);
  return (await readOwnReading(files, config, isBaseline ? models.de : ownSettings, signal)).dimensions;
}

/** Whether the spec's CE could rerank. @throws UserError as {@link openSpecReranker} would */
export async function checkReranker(spec: Spec, from: ModelSource, signal: AbortSignal): Promise<void> {
  const files = await from.openFiles(spec.models.ce.source, signal);
  await requireHead(files, signal);
  await requireTokenizer(files);
}

/** Opens the spec's CE with its head. @throws UserError when the model has none */
export async function openSpecReranker(
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<OpenedReranker> {
  const options = await sessionOptions('ce', spec, from, { signal });
  const { label } = spec.models.ce;
  return {
    ...(await openReranker(options, { maxLength: spec.maxLength, label })),
    tokenizerHash: await tokenizerHash(options.files, signal),
  };
}

/** Opens the store of a reranker's logits, one value a pair; null, with a notice, where none can be kept. */
export function openScoreStore(
  { session, encoder, tokenizerHash: tokenizer }: OpenedReranker,
  onNotice: (sentence: string) => void,
): Promise<OpenedStore | null> {
  const { source, sha256: model, layers } = session.info;
  return openStore(
    { source, model, tokenizer, layers: [layers], hiddenSize: 1, rows: encoder.key },
    onNotice,
  );
}
