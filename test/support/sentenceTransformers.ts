import { readFileSync } from 'node:fs';
import type { ModelFiles } from '../../src/lab/models/types.ts';
import { diskModel } from './modelFiles.ts';

const root = 'test/reference/sentence-transformers';

/** A model with files over it, as `make_sentence_transformers.py` lays them. */
export interface ReferenceCase {
  readonly name: string;
  readonly model: string;
  readonly files: Readonly<Record<string, unknown>>;
  /** Paths of weights to the files that hold them. */
  readonly weights: Readonly<Record<string, string>>;
}

export interface EmbedderCase extends ReferenceCase {
  readonly similarity: string;
  /** Of `encode_query`, one a text. */
  readonly queries: readonly (readonly number[])[];
  /** Of `encode_document`, where they differ. */
  readonly documents?: readonly (readonly number[])[];
}

export interface RerankerCase extends ReferenceCase {
  /** Of `CrossEncoder.predict`, labels by pair, with `apply_softmax` where there are several. */
  readonly scores: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}

export const reference = JSON.parse(
  readFileSync(new URL(`../../${root}/cases.json`, import.meta.url), 'utf8'),
) as {
  readonly texts: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
  readonly embedders: readonly EmbedderCase[];
  readonly rerankers: readonly RerankerCase[];
};

/** The files of a case: its own over its model's; objects that both have are joined. */
export function caseFiles({ name, model, files, weights }: ReferenceCase): ModelFiles {
  const under = diskModel(`${root}/${model}`);
  const whole = diskModel(root);
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    source: `test:${name}`,
    has: async (path) => path in files || path in weights || (await under.has(path)),
    async text(path) {
      const own = files[path];
      if (own === undefined) return await under.text(path);
      if (!isObject(own) || !(await under.has(path))) return JSON.stringify(own);
      return JSON.stringify({ ...(JSON.parse(await under.text(path)) as object), ...own });
    },
    bytes: async (path, options) =>
      weights[path] === undefined
        ? await under.bytes(path, options)
        : await whole.bytes(weights[path], options),
  };
}
