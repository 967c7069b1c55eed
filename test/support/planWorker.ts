import * as Comlink from 'comlink';
import { defaultPlan, type KernelPlan } from '../../src/gpu/training/plan.ts';
import { type PlanKey, rememberedPlan } from '../../src/lab/training/planStore.ts';

/** Files can be written at once only in a worker, so the store's test lives in two places. */
const plans = {
  /** @returns the plan, and whether it had to be measured */
  async remembered(key: PlanKey, lanes: number): Promise<{ plan: KernelPlan; measured: boolean }> {
    let measured = false;
    const plan = await rememberedPlan(key, defaultPlan(false), () => {
      measured = true;
      return Promise.resolve({ ...defaultPlan(false), lanes });
    });
    return { plan, measured };
  },

  /** Measuring that fails. @returns what is thrown */
  async failing(key: PlanKey, name: string): Promise<string> {
    try {
      await rememberedPlan(key, defaultPlan(false), () => Promise.reject(new DOMException('lost', name)));
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

export type PlanWorker = typeof plans;
Comlink.expose(plans);
