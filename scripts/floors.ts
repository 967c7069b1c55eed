/** `npm run floors`: every import against `floors.json`, and no cycle; names the file and line of each that breaks it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkFloors, type Floors } from './checkFloors.ts';
import { readSources } from './readSources.ts';

const sources = readSources(
  ['src', 'workers', 'bin', 'scripts', 'bench', 'test'],
  ['vite.config.ts', 'vitest.config.ts'],
);
const root = fileURLToPath(new URL('..', import.meta.url));
const floors = JSON.parse(readFileSync(`${root}floors.json`, 'utf8')) as Floors;
const faults = checkFloors(floors, sources);
for (const fault of faults) console.error(fault);
console.log(
  `${sources.size} files, ${faults.length === 0 ? 'every import goes down' : `${faults.length} faults`}.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
