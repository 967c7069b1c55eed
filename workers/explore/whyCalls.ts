import { loadCollection } from '../../src/lab/data/load.ts';
import { openTokenFigures, type WhyFigures } from '../../src/lab/explore/openTokenFigures.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import type { LabState } from '../lab/labState.ts';
import { type RunCalls, runCalls } from '../lab/runCalls.ts';

/** What the tab on the embedding matrix calls; its runs are a lab worker's. */
export interface WhyCalls extends Pick<RunCalls, 'estimate'> {
  /**
   * Both models' embeddings of a collection's tokens beside the tokens' IDF. Rejects with AbortError when others are
   * asked for first.
   * @param listen told what is done, as half a sentence
   */
  tokenFigures(spec: Spec, listen: (stage: string) => void): Promise<WhyFigures>;
}

export function whyCalls(state: LabState): WhyCalls {
  const { estimate } = runCalls(state);
  let reading = new AbortController();
  return {
    estimate,
    async tokenFigures(spec, listen) {
      reading.abort();
      reading = new AbortController();
      return await openTokenFigures(
        spec,
        {
          openFiles: state.openFiles,
          adapter: state.adapter,
          loadCollection: async (dataset, { seed }, signal) =>
            (await loadCollection(dataset, state, { seed, signal })).collection,
        },
        (stage) => void listen(stage),
        reading.signal,
      );
    },
  };
}
