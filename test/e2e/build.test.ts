import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from './support/commandLine.ts';

test('the page under test is the one that is published, without what React checks in development', () => {
  const assets = join(root, 'dist/assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(0);
  for (const name of scripts) {
    expect(readFileSync(join(assets, name), 'utf8').includes('Download the React DevTools'), name).toBe(
      false,
    );
  }
});

test('the first script is at most 250 kB, gzipped, and every script has a source map', () => {
  const read = (name: string): string => readFileSync(join(root, 'dist', name), 'utf8');
  const [, entry] = /<script[^>]* src="\.\/([^"]+)"/.exec(read('index.html')) ?? [];
  const named = (start: string): string =>
    `assets/${readdirSync(join(root, 'dist/assets')).find((name) => name.startsWith(start) && name.endsWith('.js'))}`;
  // Where a visit begins: the entry, the page, its first view, and what these import.
  const first = new Set<string>();
  const waiting = [entry!, named('page-'), named('LayersView-')];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (first.has(name)) continue;
    first.add(name);
    for (const [, path] of read(name).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      waiting.push(`assets/${path}`);
  }
  expect(first.size).toBeGreaterThan(3);
  const bytes = [...first].reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  expect(bytes).toBeLessThanOrEqual(250_000);
  for (const name of readdirSync(join(root, 'dist/assets')).filter((one) =>
    /^(?!ort|preload-helper|rolldown-runtime).*\.js$/.test(one),
  )) {
    expect(read(`assets/${name}`), name).toContain(`//# sourceMappingURL=${name}.map`);
  }
});

test('the policy allows neither inline styles nor scripts, and asks for Trusted Types', () => {
  const [, escaped] =
    /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(
      readFileSync(join(root, 'dist/index.html'), 'utf8'),
    ) ?? [];
  const policy = escaped!.replaceAll('&#39;', "'");
  expect(policy).toContain("style-src 'self';");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'/);
});
