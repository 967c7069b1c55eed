import type { QueryDifference, SeenQuery } from '../lab/compare/details.ts';
import type { Stage } from '../lab/report/report.ts';
import { labClient } from './labClient.ts';

/** A figure of the last comparison whose queries are looked at. */
export interface AskedFigure {
  readonly dataset: string;
  readonly system: string;
  readonly against: string;
  readonly stage: Stage;
  readonly metric: string;
}

/** Queries that two systems answer differently, the largest differences first. */
export function queryDifferences(asked: AskedFigure): Promise<readonly QueryDifference[]> {
  const { dataset, stage, metric, system, against } = asked;
  return labClient().differences(dataset, stage, metric, system, against);
}

/** One query with all lists; null when nothing was compared yet. */
export function seenQuery(dataset: string, query: number): Promise<SeenQuery | null> {
  return labClient().seenQuery(dataset, query);
}
