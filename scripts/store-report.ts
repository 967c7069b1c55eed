/**
 * `npm run store-report`: runs the bundled default in full from the command line and puts its report where
 * the page finds it before anything has run. To be repeated when a change moves a number or the speed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-stored-'));
const { status } = spawnSync(
  'npx',
  ['tsx', 'bin/lab.ts', 'run', 'examples/layers.json', '--out', scratch, '--no-cache'],
  { cwd: root, stdio: 'inherit' },
);
if (status === 0) {
  mkdirSync(join(root, 'public/stored'), { recursive: true });
  copyFileSync(join(scratch, 'report.json'), join(root, 'public/stored/report.json'));
}
rmSync(scratch, { recursive: true, force: true });
process.exitCode = status ?? 1;
