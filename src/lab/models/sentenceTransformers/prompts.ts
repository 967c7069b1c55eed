import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import type { Spec } from '../../spec/spec.ts';
import { readJson } from '../readJson.ts';
import type { ModelFiles } from '../types.ts';

export const ownFile = 'config_sentence_transformers.json';

export const similarities = ['cosine', 'dot', 'euclidean', 'manhattan'] as const;

const schema = z.looseObject({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
  similarity_fn_name: z.string().nullish(),
  model_type: z.string().nullish(),
  activation_fn: z.string().nullish(),
  truncate_dim: z.int().min(1).nullish(),
});
export type OwnConfig = z.infer<typeof schema>;

/** What stands before the texts of a retrieval. */
export interface Prompts {
  readonly query: string;
  readonly document: string;
}

/** `config_sentence_transformers.json`; empty where there is none. */
export async function readOwnConfig(files: ModelFiles, signal?: AbortSignal): Promise<OwnConfig> {
  if (!(await files.has(ownFile))) return {};
  return await readJson(files, ownFile, schema, "sentence-transformers' configuration", signal);
}

/** A model's prompts by name, those that are empty left out. */
export function namedPrompts({ prompts }: OwnConfig): [name: string, prompt: string][] {
  return Object.entries(prompts ?? {}).flatMap(([name, prompt]) => (prompt ? [[name, prompt]] : []));
}

/**
 * The prompts that retrieval uses, as `encode_query` and `encode_document` choose them: that named for the role,
 * else the default one. A query's prompt never stands before a document.
 * @throws UserError where the default names none
 */
export function choosePrompts(
  { prompts, default_prompt_name: standard }: OwnConfig,
  setting: Spec['models']['de']['prompts'],
  source: string,
): Prompts {
  if (setting === 'none') return { query: '', document: '' };
  if (setting !== 'own') return setting;
  const known = prompts ?? {};
  if (standard && !(standard in known)) {
    throw new UserError(`is "${standard}", but there is no prompt of that name; correct it.`, {
      file: `${source}/${ownFile}`,
      field: 'default_prompt_name',
    });
  }
  const fallback = standard ? (known[standard] ?? '') : '';
  const named = ['document', 'passage', 'corpus'].find((name) => name in known);
  return {
    query: 'query' in known ? (known.query ?? '') : fallback,
    document: named ? (known[named] ?? '') : standard === 'query' ? '' : fallback,
  };
}
