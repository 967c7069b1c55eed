import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import type { Spec } from '../../spec/spec.ts';
import type { ModelConfig } from '../config.ts';
import { readJson } from '../readJson.ts';
import { tokenizerMaxLength } from '../tokenise.ts';
import type { ModelFiles } from '../types.ts';
import { readModules } from './modules.ts';
import { meanPooling, type Pooling, readPooling } from './pooling.ts';
import {
  choosePrompts,
  type OwnConfig,
  ownFile,
  type Prompts,
  readOwnConfig,
  similarities,
} from './prompts.ts';
import { readStep, type Step, truncate } from './step.ts';

/** How a dual encoder's own configuration reads a text, as sentence-transformers follows it. */
export interface OwnReading {
  /** Tokens that a text is cut to, specials included. */
  readonly maxLength: number;
  readonly lowerCase: boolean;
  readonly prompts: Prompts;
  readonly pooling: Pooling;
  /** What follows the pooling, in order. */
  readonly steps: readonly Step[];
  /** Numbers of a vector. */
  readonly dimensions: number;
  readonly similarity: 'cosine' | 'dot';
  /** What of it may surprise, in sentences. */
  readonly notes: readonly string[];
}

/** Names of the Transformer module's configuration; the later ones are of old models. */
const transformerFiles = [
  'sentence_bert_config.json',
  'sentence_roberta_config.json',
  'sentence_distilbert_config.json',
  'sentence_camembert_config.json',
  'sentence_albert_config.json',
  'sentence_xlm-roberta_config.json',
];
const transformerSchema = z.looseObject({
  max_seq_length: z.int().min(1).nullish(),
  do_lower_case: z.boolean().nullish(),
});

/** How long a text may be, and whether it is lowercased, by the Transformer module's own configuration. */
export async function readTransformer(
  files: ModelFiles,
  config: ModelConfig,
  signal?: AbortSignal,
): Promise<{ readonly maxLength: number; readonly lowerCase: boolean }> {
  let own: z.infer<typeof transformerSchema> = {};
  for (const path of transformerFiles) {
    if (!(await files.has(path))) continue;
    own = await readJson(files, path, transformerSchema, 'the configuration of a Transformer', signal);
    break;
  }
  const stated = own.max_seq_length ?? (await tokenizerMaxLength(files, signal));
  return { maxLength: Math.min(stated, config.maxTokens), lowerCase: own.do_lower_case ?? false };
}

export type OwnSettings = Pick<Spec['models']['de'], 'prompts' | 'dimensions'>;
export const ownSettings: OwnSettings = { prompts: 'own', dimensions: null };

/**
 * Reads the files by which sentence-transformers knows what to do with a model.
 * @throws UserError where the lab could not compute what sentence-transformers would
 */
export async function readOwnReading(
  files: ModelFiles,
  config: ModelConfig,
  settings: OwnSettings,
  signal?: AbortSignal,
): Promise<OwnReading> {
  const own = await readOwnConfig(files, signal);
  const notes: string[] = [];
  const { pooling, steps } = await readPipeline(files, notes, signal);
  let size = pooling.modes.length * config.hiddenSize;
  for (const { words, inputs, outputs } of steps) {
    if (inputs !== null && inputs !== size) {
      throw new UserError(
        `has a ${words} behind vectors of ${size} numbers; use files that belong together.`,
        { file: `${files.source}/modules.json` },
      );
    }
    size = outputs ?? size;
  }
  const cut = settings.dimensions ?? own.truncate_dim ?? size;
  if (cut > size) {
    throw new UserError(`is ${cut}, but ${files.source} gives vectors of ${size} numbers; lower it.`, {
      field: 'models.de.dimensions',
    });
  }
  return {
    ...(await readTransformer(files, config, signal)),
    prompts: choosePrompts(own, settings.prompts, files.source),
    pooling,
    steps: cut < size ? [...steps, truncate(cut)] : steps,
    dimensions: cut,
    similarity: similarityOf(own, files.source),
    notes,
  };
}

/** Pooling and what follows it. */
export async function readPipeline(
  files: ModelFiles,
  notes: string[],
  signal?: AbortSignal,
): Promise<{ readonly pooling: Pooling; readonly steps: readonly Step[] }> {
  const modules = await readModules(files, signal);
  if (modules === null) {
    const alone = await files.has('1_Pooling/config.json');
    notes.push(
      `${files.source} has no modules.json; it is pooled ${
        alone ? 'as its 1_Pooling says' : 'by the mean over its tokens, as sentence-transformers does then'
      }.`,
    );
    return { pooling: alone ? await readPooling(files, '1_Pooling', signal) : meanPooling, steps: [] };
  }
  const [first, ...others] = modules;
  if (first?.kind !== 'Pooling') {
    throw new UserError('has no Pooling behind its Transformer; use a model with one vector a text.', {
      file: `${files.source}/modules.json`,
    });
  }
  const steps: Step[] = [];
  for (const module of others) steps.push(await readStep(files, module, signal));
  return { pooling: await readPooling(files, first.path, signal), steps };
}

function similarityOf({ similarity_fn_name: name }: OwnConfig, source: string): 'cosine' | 'dot' {
  if (name === null || name === undefined || name === 'cosine') return 'cosine';
  if (name === 'dot' || name === 'dot_product') return 'dot';
  throw new UserError(
    `is "${name}"${similarities.some((one) => one === name) ? ', a distance' : ''}; the lab ranks by cosine and dot, so use a model with one of these.`,
    { file: `${source}/${ownFile}`, field: 'similarity_fn_name' },
  );
}

/** The reading in one sentence, for reports and the page. */
export function readingInWords(reading: OwnReading): string {
  const { maxLength, lowerCase, prompts, pooling, steps, dimensions, similarity } = reading;
  const prompt = (role: string, text: string): string[] =>
    text === '' ? [] : [`${JSON.stringify(text)} before ${role}`];
  return [
    `${pooling.modes.join(' + ')} over at most ${maxLength} tokens`,
    ...(lowerCase ? ['lowercased'] : []),
    ...prompt('queries', prompts.query),
    ...prompt('documents', prompts.document),
    ...(pooling.includePrompt ? [] : ['prompts not pooled']),
    ...steps.map(({ words }) => words),
    `${dimensions} numbers, by ${similarity === 'dot' ? 'dot product' : 'cosine'}`,
  ].join('; ');
}
