import { UserError } from '../../base/userError.ts';
import { openLast } from '../embed/openBaseline.ts';
import { type ModelConfig, readModelConfig } from '../models/config.ts';
import type { SessionOptions } from '../models/readModel.ts';
import { type Head, headOf } from '../models/sentenceTransformers/head.ts';
import { readPipeline, readTransformer } from '../models/sentenceTransformers/ownReading.ts';
import { ownSession } from '../models/sentenceTransformers/ownSession.ts';
import { type OwnConfig, readOwnConfig } from '../models/sentenceTransformers/prompts.ts';
import { openPlainSession } from '../models/session.ts';
import { type PairEncoder, pairEncoder, readTokenizer } from '../models/tokenise.ts';
import type { ModelFiles, PlainSession } from '../models/types.ts';
import type { Spec } from '../spec/spec.ts';
import type { OpenedReranker } from './rerank.ts';

/**
 * Opens a cross encoder so that a run gives one number a pair, `logits`, by which pairs are ranked: its one logit, or
 * of several labels the log odds of the one that means relevant.
 * @throws UserError when the model has no head
 */
export async function openReranker(
  options: SessionOptions,
  { maxLength, label }: Pick<Spec, 'maxLength'> & Pick<Spec['models']['ce'], 'label'>,
): Promise<Omit<OpenedReranker, 'tokenizerHash'> & { readonly head: Head }> {
  const { files, signal } = options;
  const { config, own, modular } = await requireHead(files, signal);
  const { session, labelNames } = modular
    ? await openModular(options, config)
    : { session: await openPlainSession(options), labelNames: config.labelNames };
  const head = headOf({ ...config, labelNames }, own, label, files.source);
  return {
    session: ranking(session, head),
    encoder: await readPairEncoder(files, config, { own, maxLength, head, signal }),
    head,
  };
}

/** @throws UserError when the model has no head, by its configuration alone */
export async function requireHead(
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<{ config: ModelConfig; own: OwnConfig; modular: boolean }> {
  const config = await readModelConfig(files, signal);
  const own = await readOwnConfig(files, signal);
  const modular = config.labels === null && own.model_type === 'CrossEncoder';
  if (config.labels === null && !modular) {
    throw new UserError(`is a ${config.architecture} without a head; rerank with a cross encoder.`, {
      file: `${files.source}/config.json`,
    });
  }
  return { config, own, modular };
}

/** The session with one number a pair in place of its logits. */
function ranking(session: PlainSession, head: Head): PlainSession {
  const count = head.labels.length;
  return {
    ...session,
    get info() {
      return { ...session.info, reading: `ranked by ${head.words}` };
    },
    async run(batch) {
      const { logits, ...others } = await session.run(batch);
      // What is missing, or is of another shape, is said by who reads it.
      if (logits?.data.length !== batch.rows * count) return { ...others, ...(logits ? { logits } : {}) };
      const data = Float32Array.from({ length: batch.rows }, (_, row) =>
        head.relevance(logits.data.subarray(row * count, (row + 1) * count)),
      );
      return { ...others, logits: { data, dims: [batch.rows, 1] } };
    },
  };
}

/** A cross encoder whose head stands in modules behind its encoder, as of sentence-transformers 5.4. */
async function openModular(
  options: SessionOptions,
  config: ModelConfig,
): Promise<{ session: PlainSession; labelNames: readonly string[] }> {
  const { files, signal } = options;
  const { pooling, steps } = await readPipeline(files, [], signal);
  const dimensions = steps.reduce(
    (size, { outputs }) => outputs ?? size,
    pooling.modes.length * config.hiddenSize,
  );
  const session = ownSession(await openLast(options, config.layers, { pooling }), {
    pooling,
    steps,
    dimensions,
  });
  return {
    labelNames: Array.from({ length: dimensions }, (_, label) => `LABEL_${label}`),
    session: {
      get info() {
        return session.info;
      },
      outputs: ['logits'],
      async run(batch) {
        const poolWeights = Float32Array.from(batch.attentionMask, Number);
        const data = await session.pooled({ ...batch, poolWeights });
        return { logits: { data, dims: [batch.rows, dimensions] } };
      },
      dispose: () => session.dispose(),
    },
  };
}

/** How a cross encoder's own configuration frames pairs. @param head null for a model without one */
export async function readPairEncoder(
  files: ModelFiles,
  config: ModelConfig,
  {
    own,
    maxLength,
    head,
    signal,
  }: {
    readonly own: OwnConfig;
    readonly maxLength: number;
    readonly head: Head | null;
    readonly signal?: AbortSignal;
  },
): Promise<PairEncoder> {
  const transformer = await readTransformer(files, config, signal);
  const tokenizer = await readTokenizer(files, signal);
  const plain = pairEncoder(tokenizer, Math.min(maxLength, transformer.maxLength), config.padTokenId);
  const prompt = own.prompts?.[own.default_prompt_name ?? ''] ?? '';
  const ranked = head && (head.labels.length > 1 || !head.activation.increasing) ? [head.words] : [];
  const lower = transformer.lowerCase ? ['lower'] : [];
  return {
    ...plain,
    key: [plain.key, ...lower, ...ranked].join(', '),
    prompt,
    content: (text) => plain.content(transformer.lowerCase ? text.toLowerCase() : text),
  };
}
