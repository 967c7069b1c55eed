import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reachedFrom } from '../../../scripts/checkFloors.ts';
import { readSources } from '../../../scripts/readSources.ts';

const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const entries = [
  ...new Set(
    Object.values(scripts).flatMap((line) => [...line.matchAll(/\btsx (\S+\.ts)/g)].map(([, file]) => file!)),
  ),
];
const sources = readSources(['bin', 'scripts', 'bench', 'test', 'src', 'workers']);
/** What Vite alone knows to import; code that holds it is loaded by `openModuleServer`. */
const ofVite = /from '[^']*\?(?:raw|url)\b|import\.meta\.glob/;

// The nightly fuzzer once ended before it began, when a reader came to import the runtime's binary.
test.each(entries)('%s imports nothing that Node cannot load', (entry) => {
  const faults = [...reachedFrom(entry, sources)]
    .filter(([file]) => ofVite.test(sources.get(file) ?? ''))
    .map(([, path]) => path.join(' → '));
  expect(faults).toEqual([]);
});

test('the scripts have entries', () => {
  expect(entries.length).toBeGreaterThan(10);
});
