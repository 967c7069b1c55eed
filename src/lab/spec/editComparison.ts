import type { Spec } from './spec.ts';
import { systemsOf } from './systemName.ts';

type Compare = Spec['compare'];

/** The comparison alone: layers are searched where a system is one. */
export function withComparison(spec: Spec): Spec {
  return {
    ...spec,
    layerwise: { ...spec.layerwise, enabled: false },
    compare: { ...spec.compare, enabled: true },
  };
}

export function changeCompare(spec: Spec, change: Partial<Compare>): Spec {
  return { ...spec, compare: { ...spec.compare, ...change } };
}

export function withSystem(spec: Spec, system: string): Spec {
  const systems = systemsOf(spec);
  return systems.includes(system) ? spec : changeCompare(spec, { systems: [...systems, system] });
}

/** The last system stays, and so does one that is to be trained until its training is taken away. */
export function withoutSystem(spec: Spec, system: string): Spec {
  const systems = systemsOf(spec).filter((one) => one !== system);
  const train = spec.train.filter(({ name }) => name !== system);
  return systems.length === 0 ? spec : { ...changeCompare(spec, { systems }), train };
}
