import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
