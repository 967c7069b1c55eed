import type * as LabModules from './labModules.ts';
import { openModuleServer } from './openModuleServer.ts';

/** Loads the lab's code through Vite. @returns it, and what ends Vite when no module will be loaded any more */
export async function loadLabModules(): Promise<{ modules: typeof LabModules; close(): Promise<void> }> {
  const server = await openModuleServer();
  try {
    const modules = (await server.ssrLoadModule('/bin/node/labModules.ts')) as typeof LabModules;
    return { modules, close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}
