import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import { readJson } from '../readJson.ts';
import type { ModelFiles } from '../types.ts';

const file = 'modules.json';
const schema = z.array(z.looseObject({ type: z.string(), path: z.string() }));

const kinds = ['Transformer', 'Pooling', 'Dense', 'LayerNorm', 'Normalize', 'Dropout'] as const;
type ModuleKind = (typeof kinds)[number];

/** A module of a sentence-transformers model. */
export interface Module {
  readonly kind: ModuleKind;
  /** Folder of its files. */
  readonly path: string;
}

/**
 * The modules of a model in order, Dropout left out, which does nothing when a model is used.
 * @returns null where the model has no `modules.json`
 * @throws UserError naming the first module that the lab does not have
 */
export async function readModules(files: ModelFiles, signal?: AbortSignal): Promise<Module[] | null> {
  if (!(await files.has(file))) return null;
  const listed = await readJson(files, file, schema, "sentence-transformers' list of modules", signal);
  const modules = listed.map(({ type, path }): Module => {
    const kind = kinds.find((name) => name === type.split('.').at(-1));
    if (!kind || !type.startsWith('sentence_transformers.')) {
      throw new UserError(
        `has the module ${type}, which the lab cannot compute, so that its vectors would not be those of sentence-transformers; use a model of ${kinds.join(', ')}.`,
        { file: `${files.source}/${file}` },
      );
    }
    return { kind, path };
  });
  const [first, ...others] = modules;
  if (first?.kind !== 'Transformer' || first.path !== '' || others.some(({ kind }) => kind === first.kind)) {
    throw new UserError(
      'does not begin with one Transformer in the root of the repository; save the model again with a current sentence-transformers.',
      { file: `${files.source}/${file}` },
    );
  }
  return others.filter(({ kind }) => kind !== 'Dropout');
}
