import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import type { HubModel } from '../lab/hub/searchModels.ts';
import type { ModelDescription } from '../lab/models/describeModel.ts';
import type { ModelKind } from '../lab/models/types.ts';
import { ceModel, deModel } from '../lab/spec/defaults.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { labWorker } from './lab.ts';
import type { Loadable } from './loadable.ts';

interface ModelLooks {
  /** What was looked into, by source. */
  readonly looks: ReadonlyMap<string, Loadable<ModelDescription>>;
  readonly found: Loadable<readonly HubModel[]> | null;
}

export const useModelLooks = create<ModelLooks>(() => ({ looks: new Map(), found: null }));

async function loaded<T>(work: () => Promise<T>): Promise<Loadable<T>> {
  try {
    return { status: 'ready', value: await work() };
  } catch (error) {
    return { status: 'failed', sentence: sentenceOf(error) };
  }
}

/** @param graph whether the graph is read too, which of a hub's model downloads it */
export async function lookIntoModel(
  source: string,
  dtype: Spec['models']['ce']['dtype'],
  graph: boolean,
): Promise<void> {
  const put = (look: Loadable<ModelDescription>): void =>
    useModelLooks.setState(({ looks }) => ({ looks: new Map(looks).set(source, look) }));
  put({ status: 'loading' });
  put(await loaded(() => labWorker().lab.describeModel(source, dtype, graph)));
}

let asked = 0;

/** Models of the hub by role and part of the name. */
export async function findModels(kind: ModelKind, text: string): Promise<void> {
  const number = ++asked;
  useModelLooks.setState({ found: { status: 'loading' } });
  const found = await loaded(() => labWorker().lab.searchModels(kind, text));
  // A later search's answer may have come before.
  if (number === asked) useModelLooks.setState({ found });
}

/** Takes models of the hub into a spec, with their own settings. */
export function withHubModels(spec: Spec, { ce, de }: Partial<Record<ModelKind, string>>): Spec {
  return {
    ...spec,
    models: {
      ce: ce === undefined ? spec.models.ce : ceModel(`hub:${ce}`),
      de: de === undefined ? spec.models.de : deModel(`hub:${de}`),
    },
  };
}
