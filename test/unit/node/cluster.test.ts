import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../support/spawnLab.ts';
import { writeTinySpec } from '../../support/tinySpec.ts';

const dockerfile = 'examples/cluster/Dockerfile';
const lines = (file: string): string[] => readFileSync(join(root, file), 'utf8').trim().split('\n');
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-image-'));
const spec = writeTinySpec(scratch, [0]);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What stands behind `key:` in the Kubernetes file, with its eight parts made two and its volume a folder here. */
function kubernetes(key: string, index: number): string[] {
  const line = lines('examples/cluster/kubernetes.yaml').find((one) => one.trim().startsWith(`${key}: [`))!;
  const words = line.slice(line.indexOf('[') + 1, line.lastIndexOf(']')).split(', ');
  return words.map((word) =>
    word
      .replaceAll('/work/', `${scratch}/`)
      .replace('$(JOB_COMPLETION_INDEX)/8', `${index}/2`)
      .replace('-of-8.', '-of-2.'),
  );
}

test('the pods run their parts by what the image holds, and another merges them', () => {
  const leftOut = lines(`${dockerfile}.dockerignore`);
  const lab = join(scratch, 'lab');
  cpSync(root, lab, {
    recursive: true,
    filter: (path) => !leftOut.some((name) => path === join(root, name)),
  });
  for (const name of leftOut) expect(existsSync(join(lab, name))).toBe(false);
  // What the image installs by itself.
  symlinkSync(join(root, 'node_modules'), join(lab, 'node_modules'));
  const entry = lines(dockerfile).find((line) => line.startsWith('ENTRYPOINT '))!;
  const entryPoint = JSON.parse(entry.slice('ENTRYPOINT '.length)) as string[];
  for (const [command, ...given] of [
    [...entryPoint, ...kubernetes('args', 0)],
    [...entryPoint, ...kubernetes('args', 1)],
    kubernetes('command', 0),
  ]) {
    const { status, stderr } = spawnSync(command!, given, { cwd: lab, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  }
  expect(existsSync(join(scratch, 'results', 'report.json'))).toBe(true);
}, 600_000);

test('a task of the Slurm array runs its own part', () => {
  const out = join(scratch, 'array');
  const task = {
    SPEC: spec,
    OUT: out,
    TMPDIR: scratch,
    SLURM_CPUS_PER_TASK: '2',
    SLURM_ARRAY_TASK_ID: '1',
    SLURM_ARRAY_TASK_COUNT: '2',
  };
  const { status, stderr } = spawnSync('bash', ['examples/cluster/slurm.sh'], {
    cwd: root,
    env: { ...process.env, ...task },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(existsSync(join(out, 'part-1-of-2.part'))).toBe(true);
}, 600_000);

test.each([
  { status: 0, restarts: '0', queued: false },
  { status: 1, restarts: '0', queued: false },
  { status: 75, restarts: '0', queued: true },
  { status: 137, restarts: '2', queued: true },
  { status: 137, restarts: '3', queued: false },
])('a task that ended with $status after $restarts restarts is queued again: $queued', (one) => {
  const bin = mkdtempSync(join(scratch, 'bin-'));
  const tool = (name: string, text: string): void =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  tool('npm', `exit ${one.status}`);
  tool('scontrol', `echo "$@" > ${join(bin, 'said')}`);
  const task = {
    PATH: `${bin}:${process.env.PATH}`,
    SPEC: spec,
    OUT: scratch,
    SLURM_JOB_ID: '17',
    SLURM_CPUS_PER_TASK: '2',
    SLURM_ARRAY_TASK_ID: '1',
    SLURM_ARRAY_TASK_COUNT: '2',
    SLURM_RESTART_COUNT: one.restarts,
  };
  const { status } = spawnSync('bash', ['examples/cluster/slurm.sh'], { cwd: root, env: task });
  expect(status).toBe(one.status);
  const said = join(bin, 'said');
  expect(existsSync(said) && readFileSync(said, 'utf8')).toBe(one.queued ? 'requeue 17\n' : false);
});

test('where a Docker daemon answers, the image is built', () => {
  const said = lines(dockerfile)[0]!.replace(/^# docker /, '');
  expect(said).toBe('build --file examples/cluster/Dockerfile --tag layerlab .');
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
    console.log('No Docker daemon answers; the image of examples/cluster is not built here.');
    return;
  }
  expect(spawnSync('docker', said.split(' '), { cwd: root, stdio: 'inherit' }).status).toBe(0);
}, 1_800_000);
