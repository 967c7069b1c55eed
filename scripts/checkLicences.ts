/** Licences under which anything may be used here, shipped or not; SPDX names. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC0-1.0',
  'ISC',
  'MIT',
]);

/** Licences of tools that build and test, whose code is in nothing that is shipped. */
const allowedInTools = new Set(['MPL-2.0']);

/** Packages under another licence, and why they may be there. */
const exceptions: readonly { readonly name: RegExp; readonly licence: string; readonly why: string }[] = [
  {
    name: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips, which transformers.js brings for images in Node: no part of the page, and the lab reads no images',
  },
];

export interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
}

/** A package's name, where it stands in a lock file. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * Whether an SPDX expression can be met. `AND` binds stronger than `OR`; what stands in brackets is read first
 * (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/).
 */
export function isMet(expression: string, isAllowed: (licence: string) => boolean): boolean {
  const bracket = /\(([^()]*)\)/.exec(expression);
  if (bracket) {
    const met = isMet(bracket[1] ?? '', isAllowed);
    return isMet(expression.replace(bracket[0], met ? 'MET' : 'UNMET'), isAllowed);
  }
  return expression
    .split(' OR ')
    .some((way) =>
      way.split(' AND ').every((one) => one.trim() === 'MET' || (one !== 'UNMET' && isAllowed(one.trim()))),
    );
}

/** @returns a line for each package of a lock file whose licence is not on the list */
export function checkLicences(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { license, dev = false }]) => {
    if (path === '') return [];
    const name = nameOf(path);
    if (license === undefined) return [`${name} names no licence; look it up before it is used.`];
    const isAllowed = (one: string): boolean =>
      allowed.has(one) ||
      (dev && allowedInTools.has(one)) ||
      exceptions.some((exception) => exception.licence === one && exception.name.test(name));
    if (isMet(license, isAllowed)) return [];
    return [`${name} is under ${license}, which is not on the list in scripts/checkLicences.ts.`];
  });
}
