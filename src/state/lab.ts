import { type StartedLab, startLabWorker } from './worker.ts';

let started: StartedLab | null = null;

/** The page's one lab worker, started when it is first needed. */
export function labWorker(): StartedLab {
  started ??= startLabWorker();
  return started;
}
