import { withinMemory } from '../../base/memory.ts';
import { bytes as asBytes } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import { fittingDtype } from './modelFile.ts';
import type { ModelFiles } from './types.ts';

/** A graph is one message of protobuf, which holds no more. */
const mostGraph = 2 ** 31 - 1;

/** A runtime of 32-bit addresses holds 4 GB, its own needs included. */
const mostHeld = 3.5e9;

/**
 * Refuses a model before it is read that cannot be held. What it has in bytes may not be known, and counts as nothing
 * then.
 * @param path the graph's
 * @param size of the graph, and of the weights that lie beside it
 * @throws UserError with what would fit
 */
export async function refuseTooLarge(
  files: ModelFiles,
  path: string,
  size: { readonly graph: number; readonly beside?: number },
): Promise<void> {
  const whole = size.graph + (size.beside ?? 0);
  const most = size.graph > mostGraph ? mostGraph : mostHeld;
  if (size.graph <= mostGraph && whole <= most) return;
  const what = most === mostGraph ? 'a graph in one file can have' : "a browser's runtime can hold";
  throw new UserError(
    `is ${asBytes(whole)}, more than the ${asBytes(most)} that ${what}; ${await remedy(files, most)}.`,
    { file: `${files.source}/${path}` },
  );
}

/** Reads or opens a model. @throws UserError with what would fit, where memory runs out over it */
export function withRoom<T>(files: ModelFiles, work: () => Promise<T>): Promise<T> {
  // A model is in memory up to three times while it is opened.
  return withinMemory(files.source, () => remedy(files, mostHeld / 3), work);
}

/** What to do about a model that is too large. @param most bytes that would fit */
async function remedy(files: ModelFiles, most: number): Promise<string> {
  const fitting = await fittingDtype(files, most);
  return fitting === null ? 'choose a smaller model, or an export in q8' : `choose ${fitting}`;
}
