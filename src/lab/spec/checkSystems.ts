import { UserError } from '../../base/userError.ts';
import type { Spec } from './spec.ts';
import { definitionsIn, isEncoder, readSystem, systemNamed } from './systemName.ts';

/**
 * Checks what the systems of a comparison say of each other.
 * @throws UserError where a name means two systems, an asymmetric one asks for vectors of what has none, or a fusion
 * is a part of itself
 */
export function checkSystems(spec: Pick<Spec, 'compare' | 'train'>): void {
  const defined = definitionsIn(spec.compare.systems);
  const taken = new Set(spec.train.map(({ name }) => name));
  const field = 'compare.systems';
  for (const { name } of defined) {
    if (taken.has(name) || name.includes(':') || readSystem(name).type !== 'model') {
      throw new UserError(`"${name}" is the name of another system; give this one a name of its own.`, {
        field,
      });
    }
    taken.add(name);
  }
  for (const system of defined) {
    if ('fuse' in system) {
      refuseCycle(spec, system.name, [], field);
      continue;
    }
    for (const role of ['queries', 'documents'] as const) {
      if (isEncoder(systemNamed(spec, system[role]))) continue;
      throw new UserError(
        `"${system.name}" has "${system[role]}" for its ${role}, which embeds no text; name the baseline, a layer, a static system or a model.`,
        { field },
      );
    }
  }
}

/** @param within names of the fusions that this system is a part of */
function refuseCycle(
  spec: Pick<Spec, 'compare'>,
  name: string,
  within: readonly string[],
  field: string,
): void {
  if (within.includes(name)) {
    throw new UserError(`"${name}" is a part of itself; fuse other systems.`, { field });
  }
  const system = systemNamed(spec, name);
  if (system.type !== 'fused') return;
  for (const part of system.parts) refuseCycle(spec, part, [...within, name], field);
}
