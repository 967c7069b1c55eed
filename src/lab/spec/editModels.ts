import { ceModel, deModel } from './defaults.ts';
import type { Spec } from './spec.ts';

type Models = Spec['models'];

/** The experiment with a change to its CE or DE. */
export function changeModel<K extends keyof Models>(spec: Spec, kind: K, change: Partial<Models[K]>): Spec {
  return { ...spec, models: { ...spec.models, [kind]: { ...spec.models[kind], ...change } } };
}

/** The experiment with another CE or DE, all else about which is as by default. */
export function withModel(spec: Spec, kind: keyof Models, source: string): Spec {
  const model = kind === 'ce' ? ceModel(source) : deModel(source);
  return { ...spec, models: { ...spec.models, [kind]: model } };
}

/** Takes models of the hub into a spec, with their own settings. */
export function withHubModels(spec: Spec, { ce, de }: Partial<Record<keyof Models, string>>): Spec {
  const taken = ce === undefined ? spec : withModel(spec, 'ce', `hub:${ce}`);
  return de === undefined ? taken : withModel(taken, 'de', `hub:${de}`);
}

export function withPooling(spec: Spec, change: Partial<Spec['pooling']>): Spec {
  return { ...spec, pooling: { ...spec.pooling, ...change } };
}

/** Sources of a spec that only this tab knows, so that a link with them is of no use elsewhere. */
export function droppedSources(spec: Spec): string[] {
  return [spec.models.ce, spec.models.de, ...spec.datasets]
    .map(({ source }) => source)
    .filter((source) => source.startsWith('folder:'));
}
