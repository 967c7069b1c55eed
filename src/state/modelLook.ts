import { create } from 'zustand';
import type { HubModel } from '../lab/hub/searchModels.ts';
import type { ModelDescription } from '../lab/models/describeModel.ts';
import type { ModelKind } from '../lab/models/types.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest, loaded } from './loadable.ts';

interface ModelLooks {
  /** What was looked into, by source. */
  readonly looks: ReadonlyMap<string, Loadable<ModelDescription>>;
  readonly found: Loadable<readonly HubModel[]> | null;
}

export const useModelLooks = create<ModelLooks>(() => ({ looks: new Map(), found: null }));

/** @param graph whether the graph is read too, which of a hub's model downloads it */
export async function lookIntoModel(
  source: string,
  dtype: Spec['models']['ce']['dtype'],
  graph: boolean,
): Promise<void> {
  const put = (look: Loadable<ModelDescription>): void =>
    useModelLooks.setState(({ looks }) => ({ looks: new Map(looks).set(source, look) }));
  put({ status: 'loading' });
  put(await loaded(() => labClient().describeModel(source, dtype, graph)));
}

const take = latest<readonly HubModel[]>((found) => useModelLooks.setState({ found }));

/** Models of the hub by role and part of the name. */
export async function findModels(kind: ModelKind, text: string): Promise<void> {
  useModelLooks.setState({ found: { status: 'loading' } });
  await take(() => labClient().searchModels(kind, text));
}
