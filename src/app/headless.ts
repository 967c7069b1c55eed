import { sentenceOf } from '../base/userError.ts';
import type { NeighboursEvent, NeighboursRequest } from '../lab/explore/listNeighbours.ts';
import { type PairDocument, pairDocument } from '../lab/explore/pairDocument.ts';
import type { Findings } from '../lab/pipeline/checkRun.ts';
import type { RunEvent } from '../lab/pipeline/events.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { exploreClient } from '../state/exploreClient.ts';
import { calledBack, labClient } from '../state/labClient.ts';

/** What the command line finds on the page at `#/headless`, and what it puts there. */
export interface HeadlessPage {
  /** Runs a spec. Kept files are sent to `__out/`, events to `layerlabEvent`. */
  layerlabRun(spec: Spec): Promise<{ ok: true } | { ok: false; sentence: string }>;
  /** What would stop the run of a spec. */
  layerlabCheck(spec: Spec): Promise<Findings>;
  /** Searches for texts, each list told to `layerlabFound`. */
  layerlabNeighbours(request: NeighboursRequest): Promise<{ ok: true } | { ok: false; sentence: string }>;
  /** Reads a pair of texts. @param layer whose matrices are added; null for none */
  layerlabInspect(
    spec: Spec,
    pair: { readonly query: string; readonly document: string; readonly layer: number | null },
  ): Promise<{ ok: true; document: PairDocument } | { ok: false; sentence: string }>;
  layerlabCancel(): Promise<void>;
  /** Put there by the command line before the page loads. */
  layerlabEvent(event: RunEvent): Promise<void>;
  layerlabFound(event: NeighboursEvent): Promise<void>;
}

/** Offers a run to a script outside the page, with the same worker that the page uses. */
export function startHeadless(): void {
  const page = globalThis as unknown as HeadlessPage;

  const listen = async (event: RunEvent): Promise<void> => {
    if (event.type !== 'artefact') {
      await page.layerlabEvent(event);
      return;
    }
    const path = event.path.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(`__out/${path}${event.append ? '?append' : ''}`, {
      method: 'PUT',
      body: event.bytes,
    });
    if (!response.ok) {
      throw new Error(`${event.path} could not be written: ${(await response.text()) || response.status}.`);
    }
  };

  page.layerlabCancel = () => labClient().cancel();
  page.layerlabCheck = (spec) => labClient().check(spec);
  page.layerlabNeighbours = async (request) => {
    try {
      await exploreClient().neighbours(request, calledBack(page.layerlabFound));
      return { ok: true };
    } catch (error) {
      return { ok: false, sentence: sentenceOf(error) };
    }
  };
  page.layerlabInspect = async (spec, { query, document, layer }) => {
    try {
      const say = calledBack((text: string) => void page.layerlabEvent({ type: 'stage', text }));
      return {
        ok: true,
        document: pairDocument(await exploreClient().inspect(spec, query, document, say), layer),
      };
    } catch (error) {
      return { ok: false, sentence: sentenceOf(error) };
    }
  };
  page.layerlabRun = async (spec) => {
    try {
      await labClient().run(spec, calledBack(listen), { files: true });
      return { ok: true };
    } catch (error) {
      return { ok: false, sentence: sentenceOf(error) };
    }
  };
}
