import { UserError } from '../../base/userError.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Steps between the versions of a kind of document: the step at n brings one of version n to n + 1, so there are as
 * many as the newest version says. A document without a version is of version 0. A version is added when a field is
 * renamed or comes to mean something else; a new field with a default needs none.
 */
export type Upgrades = readonly ((document: Fields) => Fields)[];

/** Upgrades for a spec, or for the part of one that a link carries: any field may be missing. */
const specUpgrades: Upgrades = [
  // Versions were introduced; no field changed.
  (spec) => spec,
];

export const specVersion = specUpgrades.length;

export function upgradeSpec(value: unknown, file?: string): unknown {
  return upgrade(value, specUpgrades, file);
}

/**
 * Brings a document of an older version to the newest. What is no document at all is left to its schema to refuse.
 * @throws UserError when it is of a version that this lab does not know yet
 */
export function upgrade(value: unknown, upgrades: Upgrades, file?: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { version = 0 } = value as Fields;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0) return value;
  if (version > upgrades.length) {
    throw new UserError(
      `is ${version}, and this lab reads versions up to ${upgrades.length}; open it with a newer lab.`,
      { file, field: 'version' },
    );
  }
  const upgraded = upgrades
    .slice(version)
    .reduce<Fields>((document, step) => step(document), value as Fields);
  return { ...upgraded, version: upgrades.length };
}
