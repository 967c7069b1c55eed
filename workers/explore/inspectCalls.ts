import { inTurn } from '../../src/base/inTurn.ts';
import { Cancelled, UserError } from '../../src/base/userError.ts';
import { untoldLosses } from '../../src/gpu/lossNotices.ts';
import type { ModelSource } from '../../src/lab/embed/openModel.ts';
import { type OpenedPair, openPair } from '../../src/lab/explore/openPair.ts';
import { readingKey } from '../../src/lab/explore/readingKey.ts';
import { type SeenPair, seePair } from '../../src/lab/explore/seenPair.ts';
import { type Side, type WordEffects, wordEffects } from '../../src/lab/explore/wordEffects.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';

/** Reading pairs of texts, for the pair inspector and the command line. */
export interface InspectCalls {
  /**
   * Reads a pair with the models of a spec, which stay open for the next pair. Rejects with AbortError when another
   * pair comes first.
   * @param listen told what is opened, as half a sentence
   */
  inspect(spec: Spec, query: string, document: string, listen: (what: string) => void): Promise<SeenPair>;
  /** Leaves words of the pair that was read last out; rejects with AbortError when another pair comes first. */
  leaveOut(side: Side, listen: (done: number, total: number) => void): Promise<WordEffects>;
}

export function inspectCalls(from: ModelSource): InspectCalls {
  let opened: { readonly key: string; readonly models: OpenedPair } | null = null;
  let pair: SeenPair['texts'] | null = null;
  let reading = new AbortController();
  let leaving = new AbortController();
  // A session runs one batch at a time, and is closed only between two.
  const turn = inTurn();

  const modelsFor = async (
    spec: Spec,
    listen: (what: string) => void,
    signal: AbortSignal,
  ): Promise<OpenedPair> => {
    const key = readingKey(spec);
    if (opened?.key === key) return opened.models;
    await opened?.models.dispose();
    opened = null;
    const models = await openPair(spec, from, {
      signal,
      onModel: (kind) => listen(`Opening the ${kind.toUpperCase()}, ${spec.models[kind].source}`),
    });
    opened = { key, models };
    return models;
  };

  return {
    async inspect(spec, query, document, listen) {
      reading.abort();
      leaving.abort();
      reading = new AbortController();
      const { signal } = reading;
      return await turn(async () => {
        if (signal.aborted) throw new Cancelled();
        const models = await modelsFor(spec, listen, signal);
        if (signal.aborted) throw new Cancelled();
        listen('Reading the pair');
        const seen = await seePair(models, query, document);
        pair = seen.texts;
        return { ...seen, notes: [...seen.notes, ...untoldLosses()] };
      });
    },
    async leaveOut(side, listen) {
      leaving.abort();
      leaving = new AbortController();
      const { signal } = leaving;
      return await turn(async () => {
        if (!opened || !pair) throw new UserError('No pair is read yet; type two texts.');
        return await wordEffects(opened.models, pair, side, {
          signal,
          onProgress: (done, total) => listen(done, total),
        });
      });
    },
  };
}
