import * as Comlink from 'comlink';
import { pageWorker } from '../../src/base/pageWorker.ts';
import { type OpenGraph, openGraph } from '../../src/lab/models/openedGraph.ts';
import type { GraphCalls } from './graphWorker.ts';
import script from './graphWorker.ts?worker&url';

/**
 * Opens a graph in a worker of its own, so that it runs while another one runs here: of a single text, two threads make
 * one graph no faster, since they wait for each other between its many small operators. On a GPU, and with weights in
 * files beside the graph, which would be copied, it is opened here.
 */
export const openGraphApart: OpenGraph = async (file, bytes, pooled) => {
  if (file.chosen.backend !== 'wasm' || file.external.length > 0) {
    return await openGraph(file, bytes, pooled);
  }
  const worker = pageWorker(new URL(script, import.meta.url).href, 'graph');
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(`The worker of ${file.source} failed (${message}); reload the page.`)),
    );
  });
  // Told to whoever calls next.
  failed.catch(() => {});
  const calls = Comlink.wrap<GraphCalls>(worker);
  const { source, file: path, inputs, external, chosen } = file;
  const cloned = { source, file: path, inputs, external, chosen };
  try {
    const outputNames = await Promise.race([
      failed,
      calls.open(cloned, Comlink.transfer(bytes, [bytes.buffer]), pooled),
    ]);
    return {
      outputNames,
      run: (batch, names) => Promise.race([failed, calls.run(batch, names)]),
      release() {
        worker.terminate();
        return Promise.resolve();
      },
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
};
