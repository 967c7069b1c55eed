import { useMemo } from 'react';
import { costOf, type ItemCost } from '../../lab/paper/itemCost.ts';
import type { Choice, QueueItem } from '../../lab/paper/specs.ts';
import { type Pacing, pacingOf } from '../../lab/pipeline/pacing.ts';
import type { Report } from '../../lab/report/report.ts';
import { bundledModels } from '../../lab/spec/defaults.ts';
import { useCollections } from '../../state/collections.ts';
import { useReports } from '../../state/reports.ts';
import { useRun } from '../../state/run.ts';

export interface QueueCost {
  readonly costs: ReadonlyMap<string, ItemCost>;
  /** What stands behind "at the pace of"; null where no pace is known. */
  readonly basis: string | null;
}

function isBundledPair({ spec: { models } }: Report): boolean {
  return models.ce.source === bundledModels.ce && models.de.source === bundledModels.de;
}

/** What each run of a queue will take: by a pace measured here, else the stored run's; corrected by what is done. */
export function useQueueCost(
  choice: Choice,
  items: readonly QueueItem[],
  resultOf: (item: QueueItem) => Report | null,
): QueueCost {
  const stored = useReports((state) => state.stored);
  const ran = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  const cards = useCollections((state) => state.bundled);
  // The measured pace of the mini pair stays when another pair has run since.
  const pacing = useMemo((): Pacing | null => {
    const here = ran && isBundledPair(ran) ? pacingOf(ran, 'the last run here') : null;
    return here ?? (stored.status === 'ready' ? pacingOf(stored.value, 'the stored run') : null);
  }, [ran, stored]);
  const bundled = new Map(
    cards.map(({ name, queries = 0, documents = 0 }) => [name, { queries, documents }]),
  );
  const costs = items.map((item) => [item, costOf(item, choice, pacing, bundled)] as const);
  const known = costs.flatMap(([item, { seconds }]) => {
    const report = resultOf(item);
    return report && seconds !== null ? [{ seconds, took: report.environment.seconds }] : [];
  });
  const foretold = known.reduce((sum, { seconds }) => sum + seconds, 0);
  const factor = foretold > 0 ? known.reduce((sum, { took }) => sum + took, 0) / foretold : 1;
  return {
    costs: new Map(
      costs.map(([{ id }, cost]) => [
        id,
        {
          ...cost,
          seconds: cost.seconds === null ? null : cost.seconds * factor,
          parts: cost.parts.map((part) => ({ ...part, seconds: part.seconds * factor })),
        },
      ]),
    ),
    basis: foretold > 0 ? 'what is done so far' : (pacing?.source ?? null),
  };
}
