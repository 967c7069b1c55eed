import { Cancelled, UserError } from '../../base/userError.ts';
import type { Collection } from '../data/collection.ts';
import { sampleCollection } from '../data/sample.ts';
import { documentFrequency } from '../embed/documentFrequency.ts';
import { idfTokens, type ModelSource } from '../embed/openModel.ts';
import { askedBackend, backendFor, deviceOf } from '../models/backend.ts';
import { safetensorsFiles } from '../models/bert/safetensorsFiles.ts';
import { readModelConfig } from '../models/config.ts';
import { readEmbeddingMatrix } from '../models/embeddingMatrix.ts';
import { chooseModelFile } from '../models/modelFile.ts';
import { readTokenizer } from '../models/tokenise.ts';
import type { ModelFiles, ModelKind } from '../models/types.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import { type TokenFigures, tokenFigures } from './tokenFigures.ts';

export interface TokenFiguresServices extends Pick<ModelSource, 'openFiles' | 'adapter'> {
  loadCollection(dataset: DatasetSpec, spec: Spec, signal: AbortSignal): Promise<Collection>;
}

/** Both models over one collection. */
export interface WhyFigures {
  readonly title: string;
  readonly documents: number;
  readonly ce: TokenFigures;
  readonly de: TokenFigures;
}

/**
 * Reads a collection, both models' tokenisers and their embedding matrices; no model is run. A bundled collection is
 * counted whole, another one as the spec samples it.
 * @throws UserError for what the user can mend, Cancelled when the signal is aborted
 */
export async function openTokenFigures(
  spec: Spec,
  services: TokenFiguresServices,
  onStage: (text: string) => void,
  signal: AbortSignal,
): Promise<WhyFigures> {
  const [dataset] = spec.datasets;
  if (!dataset) throw new UserError('is empty; name a collection to explore.', { field: 'datasets' });
  onStage('Reading the collection');
  const all = await services.loadCollection(dataset, spec, signal);
  const collection = dataset.source.startsWith('bundled:')
    ? all
    : sampleCollection(all, { ...dataset, seed: spec.seed });
  const of = async (model: ModelKind): Promise<TokenFigures> => {
    if (signal.aborted) throw new Cancelled();
    return await figuresOf(model, spec, collection.corpus.texts, { services, onStage, signal });
  };
  return {
    title: collection.title,
    documents: collection.corpus.ids.length,
    ce: await of('ce'),
    de: await of('de'),
  };
}

async function figuresOf(
  model: ModelKind,
  spec: Spec,
  documents: readonly string[],
  context: {
    readonly services: TokenFiguresServices;
    readonly onStage: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<TokenFigures> {
  const { services, onStage, signal } = context;
  const { source } = spec.models[model];
  const name = model.toUpperCase();
  onStage(`Reading the ${name}'s embeddings, ${source}`);
  const files = await services.openFiles(source, signal);
  // A model that is not there at all is said before what of it is missing.
  await readModelConfig(files, signal);
  const tokenizer = await readTokenizer(files, signal);
  const onnxFile = await onnxFileOf(files, model, spec, services);
  const matrix = await readEmbeddingMatrix(files, onnxFile, { signal });
  onStage(`Counting the ${name}'s tokens`);
  const { content, specials } = idfTokens(tokenizer);
  const frequency = documentFrequency(documents.map(content));
  return tokenFigures({
    model,
    file: `${files.source}/${matrix.file}`,
    matrix,
    frequency,
    specials,
    nameOf: (token) => tokenizer.id_to_token(token) ?? `#${token}`,
  });
}

/** The ONNX file that would be run, where there are no safetensors to read from. */
async function onnxFileOf(
  files: ModelFiles,
  kind: ModelKind,
  spec: Spec,
  services: TokenFiguresServices,
): Promise<string | null> {
  if ((await safetensorsFiles(files)).length > 0) return null;
  const adapter = await services.adapter();
  const { dtype } = spec.models[kind];
  const { backend } = backendFor({ backend: askedBackend(spec), adapter, dtype });
  return (await chooseModelFile(files, dtype, deviceOf(backend, adapter))).path;
}
