import * as Comlink from 'comlink';
import type { Round, Workload } from './embedders/embedder.ts';
import type { BenchRow, Log } from './row.ts';
import type { BenchWorker } from './worker.ts';

/** What the bench's page offers to the browser's driver; it runs in a worker, as the lab does. */
export interface BenchPage {
  benchNames: readonly string[];
  benchRun(name: string): Promise<BenchRow[]>;
  benchOpen(name: string, workload: Workload): Promise<void>;
  benchRound(name: string): Promise<Round>;
  /** Given by the driver. */
  benchLog: Log;
}

const page = globalThis as unknown as BenchPage;
const worker = Comlink.wrap<BenchWorker>(
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
);

page.benchRun = (name) =>
  worker.run(
    name,
    Comlink.proxy((line) => page.benchLog(line)),
  );
page.benchOpen = (name, workload) => worker.open(name, workload);
page.benchRound = (name) => worker.round(name);
page.benchNames = await worker.names();
