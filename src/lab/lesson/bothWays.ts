import { UserError } from '../../base/userError.ts';
import { inspectApart, readAcross } from '../explore/inspectPair.ts';
import type { OpenedPair } from '../explore/openPair.ts';
import type { Swapped } from './live.ts';

/** Reads a pair as it stands and with its texts swapped. @throws UserError for a CE that gives no logit */
export async function bothWays(models: OpenedPair, query: string, document: string): Promise<Swapped> {
  const { ce, de, head } = models;
  if (!head) {
    throw new UserError(
      `${ce.session.info.source} gives no logit of a pair; choose a cross encoder with a head on the page Layers.`,
    );
  }
  const logit = async (first: string, second: string): Promise<number> =>
    head.relevance((await readAcross(ce, first, second)).logits);
  const cosine = async (first: string, second: string): Promise<number> =>
    (await inspectApart(de, first, second)).layers.at(-1)!.cosine;
  return {
    query,
    document,
    logit: [await logit(query, document), await logit(document, query)],
    cosine: [await cosine(query, document), await cosine(document, query)],
  };
}
