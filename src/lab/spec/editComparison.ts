import type { Spec, SystemSpec } from './spec.ts';
import { nameOf, systemsOf } from './systemName.ts';

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

/** The systems as the spec defines them, in order; those of a spec that names none by their names. */
function definitionsOf(spec: Spec): readonly SystemSpec[] {
  return systemsOf(spec).map((name) => spec.compare.systems.find((one) => nameOf(one) === name) ?? name);
}

/** One more system; nothing changes where one is called so already. */
export function withSystem(spec: Spec, system: SystemSpec): Spec {
  return systemsOf(spec).includes(nameOf(system))
    ? spec
    : changeCompare(spec, { systems: [...definitionsOf(spec), system] });
}

/** The last system stays, and so does one that is to be trained until its training is taken away. */
export function withoutSystem(spec: Spec, name: string): Spec {
  const systems = definitionsOf(spec).filter((one) => nameOf(one) !== name);
  const train = spec.train.filter((one) => one.name !== name);
  return systems.length === 0 ? spec : { ...changeCompare(spec, { systems }), train };
}
