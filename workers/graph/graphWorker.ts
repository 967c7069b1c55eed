import * as Comlink from 'comlink';
import { trustOwnScripts } from '../../src/base/trustedScripts.ts';
import type { GraphFile } from '../../src/lab/models/graphFile.ts';
import { type OpenedGraph, openGraph, type Part } from '../../src/lab/models/openedGraph.ts';
import type { TokenBatch } from '../../src/lab/models/types.ts';

/** One graph in a worker of its own; it ends with the worker. */
export interface GraphCalls {
  /** @returns the names of its outputs */
  open(file: GraphFile, bytes: Uint8Array<ArrayBuffer>, pooled: boolean): Promise<readonly string[]>;
  run(batch: TokenBatch, names: readonly string[] | null): Promise<Part[]>;
}

let graph: OpenedGraph | null = null;

const calls: GraphCalls = {
  async open(file, bytes, pooled) {
    graph = await openGraph(file, bytes, pooled);
    return graph.outputNames;
  },
  run: (batch, names) => graph!.run(batch, names),
};

trustOwnScripts();
Comlink.expose(calls);
