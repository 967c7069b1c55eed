import type { EncoderShape } from '../../base/bertShape.ts';
import { parameterShapes, sizeOf } from '../../base/bertShape.ts';
import { bm25Defaults } from '../../search/bm25.ts';
import type { Metrics, TrainingRow } from '../report/report.ts';
import { copiedLayers, listOf } from '../spec/copiedLayers.ts';
import type { TrainSpec } from '../spec/spec.ts';

/** What a model card says. Everything in it was chosen or measured in the run. */
export interface ModelCard {
  readonly train: TrainSpec;
  readonly seed: number;
  /** The model that the run began with, as in the spec, a hub revision resolved to its commit. */
  readonly source: string;
  /** The model that taught it, where its loss has a teacher. */
  readonly teacher?: string;
  readonly data: readonly { readonly source: string; readonly pairs: number }[];
  readonly steps: TrainingRow['steps'];
  /** Figures of this model and of those measured beside it. */
  readonly results: readonly {
    readonly dataset: string;
    readonly system: string;
    readonly metrics: Metrics;
  }[];
  /** The lab's version. */
  readonly version: string;
}

/** The README.md of a model folder, with the metadata that the hub reads. */
export function modelCard(card: ModelCard, shape: EncoderShape, maxLength: number): string {
  const { train, seed, source, data, version } = card;
  return `${[
    frontMatter(source),
    `# ${train.name}`,
    `A dual encoder for search: ${shape.layers === 1 ? 'one layer' : `${shape.layers} layers`}, ` +
      `${shape.hidden} dimensions, ${parameterCount(shape)} parameters, texts of at most ${maxLength} tokens. ` +
      'A text is embedded as the mean of its tokens and compared by cosine. ' +
      `${startOf(train, source)} Trained in a browser with layerlab ${version}.`,
    '## Use',
    `\`\`\`python\nfrom sentence_transformers import SentenceTransformer\n\nmodel = SentenceTransformer("path/to/${train.name}")\nvectors = model.encode(["a query", "a passage"], normalize_embeddings=True)\n\`\`\``,
    `\`\`\`js\nimport { pipeline } from '@huggingface/transformers';\n\nconst embed = await pipeline('feature-extraction', 'path/to/${train.name}', { dtype: 'fp32' });\nconst vectors = await embed(['a query', 'a passage'], { pooling: 'mean', normalize: true });\n\`\`\``,
    '## Training',
    `${lossOf(train, card.teacher)}${train.adaptiveLayers ? ' at every layer (AdaptiveLayerLoss)' : ''}, ${negativesOf(train)}, AdamW, seed ${seed}, on:`,
    data.map(({ source: from, pairs }) => `- ${from}: ${pairs} pairs`).join('\n'),
    stepsOf(card.steps),
    `\`\`\`json\n${JSON.stringify({ seed, train: [train] }, null, 2)}\n\`\`\``,
    '## Results',
    resultsOf(card.results),
    '## Licence',
    `The terms of the model that this one began with (${source}) and of its training data hold for it too.`,
  ].join('\n\n')}\n`;
}

function frontMatter(source: string): string {
  const base = /^hub:([^@]+)/.exec(source)?.[1];
  return [
    '---',
    'library_name: sentence-transformers',
    'pipeline_tag: sentence-similarity',
    'tags:',
    '- sentence-transformers',
    '- feature-extraction',
    '- sentence-similarity',
    '- transformers.js',
    ...(base === undefined ? [] : [`base_model: ${JSON.stringify(base)}`]),
    '---',
  ].join('\n');
}

function startOf(train: TrainSpec, source: string): string {
  const { init, layers, copy } = train;
  if (init === 'random')
    return `All its weights began random, with the sizes and the tokeniser of ${source}.`;
  const taken = copiedLayers(train);
  const count = taken.length;
  const rest = layers - count;
  const which = copy
    ? `${count === 1 ? 'layer' : 'layers'} ${listOf(taken)} (0 the first)`
    : `the first ${count === 1 ? 'layer' : `${count} layers`}`;
  const copied = count === 0 ? '' : ` and ${which}`;
  const random = rest === 0 ? '' : `; ${rest === 1 ? 'one layer' : `${rest} layers`} began random`;
  return `Its embedding layer${copied} came from ${source}${random}.`;
}

function lossOf({ loss, scale, temperature }: TrainSpec, teacher = 'a teacher'): string {
  switch (loss) {
    case 'mnrl':
      return 'MultipleNegativesRankingLoss';
    case 'mse':
      return `Mean squared error against the vectors of ${teacher}`;
    case 'margin-mse':
      return `Mean squared error of score margins (cosine times ${scale}) against those of ${teacher}`;
    case 'kl':
      return `Kullback-Leibler divergence of each query's candidates (cosine times ${scale}, temperature ${temperature}) from the scores of ${teacher}`;
  }
}

function negativesOf({ negatives }: TrainSpec): string {
  if (negatives === 'none') return 'negatives from the batch alone';
  if (negatives === 'given') return 'hard negatives as the data gives them';
  return `hard negatives by BM25 (k1 ${bm25Defaults.k1}, b ${bm25Defaults.b})`;
}

function stepsOf(steps: ModelCard['steps']): string {
  const first = steps[0];
  const last = steps.at(-1);
  if (!first || !last) return 'No step was taken.';
  return `Loss ${first.loss.toFixed(4)} at step ${first.step}, ${last.loss.toFixed(4)} at step ${last.step}.`;
}

function resultsOf(results: ModelCard['results']): string {
  const names = [...new Set(results.flatMap(({ metrics }) => Object.keys(metrics)))];
  if (results.length === 0 || names.length === 0) return 'Nothing was measured.';
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['collection', 'system', ...names]),
    row(['---', '---', ...names.map(() => '---:')]),
    ...results.map(({ dataset, system, metrics }) =>
      row([dataset, system, ...names.map((name) => metrics[name]?.toFixed(4) ?? '')]),
    ),
  ].join('\n');
}

function parameterCount(shape: EncoderShape): string {
  const count = parameterShapes(shape).reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
  return count.toLocaleString('en-GB');
}
