import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'public/datasets/README.md',
  'test/reference/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Anchor of a heading as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));

test.each(pages)('links in %s lead to files and headings that are there', (page) => {
  for (const [, target] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target!)) continue;
    const [path, heading] = target!.split('#') as [string, string?];
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    expect(existsSync(file), `${page}: ${target}`).toBe(true);
    if (heading !== undefined)
      expect(anchorsOf(readFileSync(file, 'utf8')), `${page}: ${target}`).toContain(heading);
  }
});

test.each(pages)('paths and scripts that %s names are there', (page) => {
  const text = textOf(page);
  for (const [, path] of text.matchAll(
    /`((?:src|workers|bin|bench|scripts|test|docs|public|examples)\/[\w./-]+)`/g,
  )) {
    expect(existsSync(join(root, path!)), `${page}: ${path}`).toBe(true);
  }
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) {
    expect(Object.keys(scripts), `${page}: npm run ${name}`).toContain(name);
  }
});

test.each(pages)('%s holds no mark of a merge that was left half done', (page) => {
  expect(textOf(page)).not.toMatch(/^(<{7}|={7}|>{7})( |$)/m);
});

test('every page of docs is reached from the README', () => {
  const readme = textOf('README.md');
  for (const page of pages.filter((name) => name.startsWith('docs/'))) expect(readme).toContain(`(${page})`);
});
