import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { makeZip } from 'client-zip';
import { type Choice, keyOf } from '../paper/specs.ts';
import type { Environment, Report } from '../report/report.ts';
import type { Spec } from '../spec/spec.ts';
import { type Manifest, manifestFile, reportFile, runFile } from './manifest.ts';

/** A run of a reproduction that came to its end. */
export interface FinishedRun {
  readonly id: string;
  readonly title: string;
  readonly report: Report;
  /** TREC runs and judgements, `runs/DATASET/SYSTEM.STAGE.trec` and `qrels/DATASET.trec`, packed by gzip. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface BundleContent {
  readonly choice: Choice;
  /** All runs as one experiment, for the command line. */
  readonly spec: Spec;
  readonly runs: readonly FinishedRun[];
  readonly madeAt: Date;
}

/** Everything that shows a reproduction, checks it and runs it again, as one .zip of one folder. */
export async function writeBundle({ choice, spec, runs, madeAt }: BundleContent): Promise<Blob> {
  const json = (value: unknown): Uint8Array<ArrayBuffer> =>
    new Uint8Array(utf8ToBytes(`${JSON.stringify(value, null, 1)}\n`));
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ['spec.json', json(spec)],
    ['environment.json', json(environmentOf(runs))],
    ...runs.map(({ id, report }) => [reportFile(id), json(report)] as const),
    ...runs.flatMap((run) => run.files.map(({ path, bytes }) => [runFile(run.id, path), bytes] as const)),
  ]);
  const manifest: Manifest = {
    format: 'layerlab-bundle',
    version: 1,
    madeAt: madeAt.toISOString(),
    choice,
    runs: runs.map(({ id, title }) => ({ id, title })),
    files: Object.fromEntries(
      [...files].map(([path, bytes]) => [path, { sha256: bytesToHex(sha256(bytes)), bytes: bytes.length }]),
    ),
  };
  const folder = `layerlab-${keyOf(choice)}`;
  const entries = [[manifestFile, json(manifest)] as const, ...files].map(([path, bytes]) => ({
    name: `${folder}/${path}`,
    input: bytes,
    lastModified: madeAt,
  }));
  return await new Response(makeZip(entries)).blob();
}

/** What the runs were made with, each fact once: for reading, since every report holds its own. */
function environmentOf(runs: readonly FinishedRun[]): Record<string, unknown> {
  const environments = runs.map(({ report }) => report.environment);
  const each = <T>(of: (environment: Environment) => readonly T[]): T[] => {
    const seen = new Map(environments.flatMap(of).map((one) => [JSON.stringify(one), one]));
    return [...seen.values()];
  };
  return {
    versions: each(({ version, versions }) => [{ layerlab: version, ...versions }]),
    machines: each(({ userAgent, adapter, hardwareConcurrency, crossOriginIsolated }) => [
      { userAgent, adapter, hardwareConcurrency, crossOriginIsolated },
    ]),
    models: each(({ models, files = [] }) => [
      ...Object.values(models).map(({ source, file, sha256: hash, backend }) => ({
        source,
        file,
        sha256: hash,
        backend,
      })),
      ...files,
    ]),
    collections: each(({ datasets }) => datasets),
  };
}
