/** `npm run floors`: every import against `floors.json`, and no cycle; names the file and line of each that breaks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFloors, type Floors } from './checkFloors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['src', 'workers', 'bin', 'scripts', 'bench', 'test'];

const files = [
  ...folders.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ),
  'vite.config.ts',
  'vitest.config.ts',
].filter((name) => /\.tsx?$/.test(name));

const sources = new Map(files.map((name) => [name.split(sep).join('/'), readFileSync(root + name, 'utf8')]));
const floors = JSON.parse(readFileSync(`${root}floors.json`, 'utf8')) as Floors;
const faults = checkFloors(floors, sources);
for (const fault of faults) console.error(fault);
console.log(
  `${sources.size} files, ${faults.length === 0 ? 'every import goes down' : `${faults.length} faults`}.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
