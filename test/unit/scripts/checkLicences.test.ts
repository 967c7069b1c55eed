import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkLicences, isMet, type LockedPackage } from '../../../scripts/checkLicences.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = <T>(path: string): T => JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as T;
const lock = read<{ packages: Record<string, LockedPackage> }>('package-lock.json');

test('every package that is installed is under a licence of the list', () => {
  expect(checkLicences(lock.packages)).toEqual([]);
});

test('what the lock file says of a dependency’s licence is what the package says', () => {
  const { dependencies } = read<{ dependencies: Record<string, string> }>('package.json');
  const said = Object.keys(dependencies).map((name) => [
    name,
    read<{ license: string }>(`node_modules/${name}/package.json`).license,
  ]);
  expect(said).toEqual(
    Object.keys(dependencies).map((name) => [name, lock.packages[`node_modules/${name}`]?.license]),
  );
});

test('a licence that is not on the list is told, as is none; a tool may be under one that asks more', () => {
  expect(
    checkLicences({
      '': {},
      'node_modules/a': { license: 'GPL-3.0-only' },
      'node_modules/b/node_modules/@c/d': {},
      'node_modules/e': { license: 'MPL-2.0', dev: true },
      'node_modules/f': { license: 'MPL-2.0' },
      'node_modules/@img/sharp-libvips-linux-x64': { license: 'LGPL-3.0-or-later' },
      'node_modules/sharp': { license: 'LGPL-3.0-or-later' },
    }),
  ).toEqual([
    expect.stringMatching(/^a is under GPL-3\.0-only, /),
    expect.stringMatching(/^@c\/d names no licence; /),
    expect.stringMatching(/^f is under MPL-2\.0, /),
    expect.stringMatching(/^sharp is under LGPL-3\.0-or-later, /),
  ]);
});

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND (ISC AND GPL-3.0-only)', false],
])('%s is met: %s', (expression, met) => {
  expect(isMet(expression, (licence) => ['MIT', 'ISC'].includes(licence))).toBe(met);
});
