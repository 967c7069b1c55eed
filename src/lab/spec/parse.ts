import { UserError } from '../../base/userError.ts';
import { checkSystems } from './checkSystems.ts';
import { type Spec, specSchema } from './spec.ts';
import { upgradeSpec } from './upgrade.ts';

/**
 * Checks a spec of any version and fills in every default.
 * @throws UserError that names the first field that is wrong
 */
export function parseSpec(value: unknown): Spec {
  const parsed = specSchema.safeParse(upgradeSpec(value));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('');
    const what =
      issue.code === 'unrecognized_keys'
        ? `has no field ${issue.keys.map((key) => `"${key}"`).join(', ')}; correct or remove it`
        : `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
    throw new UserError(`${what}.`, { field: field.replace(/^\./, '') || 'spec' });
  }
  const spec = parsed.data;
  const names = new Set<string>();
  for (const [index, { name }] of spec.train.entries()) {
    if (names.has(name)) {
      throw new UserError(`"${name}" is the name of two runs; give each its own.`, {
        field: `train[${index}].name`,
      });
    }
    names.add(name);
  }
  checkSystems(spec);
  const layers = spec.layerwise.layers;
  return layers === null
    ? spec
    : { ...spec, layerwise: { ...spec.layerwise, layers: [...new Set(layers)].sort((a, b) => a - b) } };
}
