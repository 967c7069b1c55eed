import * as Comlink from 'comlink';
import { defaultLaunchConfiguration, type LaunchConfiguration } from '../../src/gpu/launchConfiguration.ts';
import { type LaunchKey, rememberedLaunch } from '../../src/lab/training/launchStore.ts';

/** Files can be written at once only in a worker, so the store's test lives in two places. */
const launches = {
  /** @returns the configuration, and whether it had to be measured */
  async remembered(key: LaunchKey, lanes: number): Promise<{ plan: LaunchConfiguration; measured: boolean }> {
    let measured = false;
    const plan = await rememberedLaunch(key, defaultLaunchConfiguration(false), () => {
      measured = true;
      return Promise.resolve({ ...defaultLaunchConfiguration(false), lanes });
    });
    return { plan, measured };
  },

  /** Measuring that fails. @returns what is thrown */
  async failing(key: LaunchKey, name: string): Promise<string> {
    try {
      await rememberedLaunch(key, defaultLaunchConfiguration(false), () =>
        Promise.reject(new DOMException('lost', name)),
      );
      return 'nothing';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },

  async clear(): Promise<void> {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) {
      if (name === 'layerlab-plans') await root.removeEntry(name, { recursive: true });
    }
  },
};

export type LaunchWorker = typeof launches;
Comlink.expose(launches);
