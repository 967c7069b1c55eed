import type { Page } from 'playwright-core';
import { UserError } from '../src/base/userError.ts';
import type { NeighboursEvent, NeighboursRequest } from '../src/lab/explore/listNeighbours.ts';
import type { PairDocument } from '../src/lab/explore/pairDocument.ts';
import type { Findings } from '../src/lab/pipeline/checkRun.ts';
import type { RunEvent } from '../src/lab/pipeline/events.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { serve } from './serve.ts';
import { writeReport } from './writeReport.ts';

/** The page's own way back to this process; see src/app/headless.ts. */
interface HeadlessPage {
  layerlabRun(spec: Spec): Promise<{ ok: true } | { ok: false; sentence: string }>;
  layerlabCheck(spec: Spec): Promise<Findings>;
  layerlabNeighbours(request: NeighboursRequest): Promise<{ ok: true } | { ok: false; sentence: string }>;
  layerlabInspect(
    spec: Spec,
    pair: InspectedTexts,
  ): Promise<{ ok: true; document: PairDocument } | { ok: false; sentence: string }>;
  layerlabCancel(): Promise<void>;
}

export interface Folders {
  readonly models?: string;
  readonly data?: string;
  readonly out?: string;
  readonly port?: number;
}

/** How a run ended: the command's exit status, and the sentence of one that did not finish. */
export interface Outcome {
  /** 1 for what a user must mend, 75 for other failures, 3 for a run of whose comparison a part failed. */
  readonly status: 0 | 1 | 3 | 75;
  readonly sentence: string | null;
}

/** A pair to look into. */
export interface InspectedTexts {
  readonly query: string;
  readonly document: string;
  /** Whose matrices are added; null for none. */
  readonly layer: number | null;
}

export interface HeadlessLab {
  run(spec: Spec): Promise<Outcome>;
  check(spec: Spec): Promise<Findings>;
  /** @throws UserError when texts cannot be searched for */
  neighbours(request: NeighboursRequest, listen: (event: NeighboursEvent) => void): Promise<void>;
  /** @throws what keeps the pair from being read */
  inspect(spec: Spec, pair: InspectedTexts): Promise<PairDocument>;
  cancel(): void;
  close(): Promise<void>;
}

/** Serves the built lab and the user's folders, and opens it in a page. @param listen told of a run's events */
export async function openHeadlessLab(
  page: Page,
  folders: Folders,
  listen: (event: RunEvent) => void,
): Promise<HeadlessLab> {
  const server = await serve(folders);
  let failures = 0;
  await page.exposeFunction('layerlabEvent', (event: RunEvent) => {
    listen(event);
    if (event.type !== 'report') return;
    failures = event.report.failures.length;
    if (folders.out === undefined) return;
    writeReport(folders.out, event.report);
  });
  await page.goto(`${server.url}#/headless`);
  await page.waitForFunction(() => 'layerlabRun' in globalThis);
  return {
    async run(spec) {
      const result = await page.evaluate(
        (given) => (globalThis as unknown as HeadlessPage).layerlabRun(given),
        spec,
      );
      if (!result.ok) return { status: 1, sentence: result.sentence };
      return { status: failures > 0 ? 3 : 0, sentence: null };
    },
    check: (spec) =>
      page.evaluate((given) => (globalThis as unknown as HeadlessPage).layerlabCheck(given), spec),
    async neighbours(request, listenToLines) {
      await page.exposeFunction('layerlabFound', listenToLines);
      const result = await page.evaluate(
        (given) => (globalThis as unknown as HeadlessPage).layerlabNeighbours(given),
        request,
      );
      if (!result.ok) throw new UserError(result.sentence);
    },
    async inspect(spec, pair) {
      const result = await page.evaluate(
        (given) => (globalThis as unknown as HeadlessPage).layerlabInspect(given.spec, given.pair),
        { spec, pair },
      );
      if (!result.ok) throw new UserError(result.sentence);
      return result.document;
    },
    cancel() {
      page.evaluate(() => (globalThis as unknown as HeadlessPage).layerlabCancel()).catch(() => undefined);
    },
    close: () => server.close(),
  };
}
