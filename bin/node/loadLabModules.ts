import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import type * as LabModules from './labModules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Loads the lab's code through Vite. @returns it, and what ends Vite when no module will be loaded any more */
export async function loadLabModules(): Promise<{ modules: typeof LabModules; close(): Promise<void> }> {
  const server = await createServer({
    root,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const modules = (await server.ssrLoadModule('/bin/node/labModules.ts')) as typeof LabModules;
    return { modules, close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}
