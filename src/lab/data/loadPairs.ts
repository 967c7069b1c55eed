import { UserError } from '../../base/userError.ts';
import { splitSource } from '../hub/source.ts';
import type { PairColumnsSpec } from '../spec/spec.ts';
import { type TrainingPairs, trainingPairs } from './fromPairs.ts';
import { type LoadContext, localFiles, served } from './load.ts';
import { readPairs } from './readPairs.ts';
import { type Understood, understand } from './understand.ts';

/** Splits that are trained on, by preference; a measured one is none of them. */
const trainingSplits = ['train', 'all'];

/**
 * Training pairs of a source: `bundled:NAME` has a file of its own beside the test collection, other sources
 * give their train split.
 * @param most pairs that are wanted: of the hub's large data sets no more are fetched
 * @param columns of a data set of the hub, where a spec names them
 * @throws UserError when there is none
 */
export async function loadTrainingPairs(
  source: string,
  context: LoadContext,
  signal?: AbortSignal,
  most = Number.POSITIVE_INFINITY,
  columns?: PairColumnsSpec,
): Promise<TrainingPairs> {
  const { scheme, name } = splitSource(source);
  switch (scheme) {
    case 'bundled': {
      const url = new URL(`training/${name}.jsonl`, context.base).href;
      const read = await readPairs(served(url, `${source}/training.jsonl`, signal));
      return { pairs: trainingPairs(read), warnings: read.ledger.warnings() };
    }
    case 'local':
      return await pairsOf(source, await understand(name, await localFiles(source, name, context, signal)));
    case 'folder': {
      const found = context.understood.get(name);
      if (!found) throw new UserError(`${source} is not here; drop its files on the page again.`);
      return await pairsOf(source, found);
    }
    case 'hub': {
      // The Parquet reader is fetched when it is needed.
      const { hubPairs } = await import('./hub/trainingPairs.ts');
      return await hubPairs(name, context, { most, columns, signal });
    }
    default:
      throw new UserError(`${source} gives no training pairs; download its files and drop them.`);
  }
}

async function pairsOf(source: string, { preview, trainingPairs: read }: Understood): Promise<TrainingPairs> {
  const split = trainingSplits.find((wanted) => preview.splits.includes(wanted));
  if (split === undefined) {
    throw new UserError(
      `has no training split (it has ${preview.splits.join(', ')}); give pairs to train on in train.data.`,
      { file: source },
    );
  }
  return await read(split);
}
