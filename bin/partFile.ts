import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUserError, UserError } from '../src/base/userError.ts';
import type { Shard } from '../src/lab/data/shard.ts';
import { type PartHeader, readPart } from '../src/lab/pipeline/part.ts';
import { readRerankPart } from '../src/lab/pipeline/rerankPart.ts';
import type { Spec } from '../src/lab/spec/spec.ts';

/** What is done in parts: layers by documents, or a comparison by queries. */
export type Stage = 'layers' | 'rerank';

/** Reads `--stage`. @throws UserError for anything else than `rerank` */
export function readStage(text: string | undefined): Stage {
  if (text === undefined) return 'layers';
  if (text === 'rerank') return text;
  throw new UserError(`--stage takes rerank, not "${text}"; leave it out for the layers.`);
}

/** Reads `--shard I/N`. @throws UserError for anything else */
export function readShard(text: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (index === undefined || Number(index) >= Number(count)) {
    throw new UserError(`--shard takes I/N with I from 0 to N - 1, as 0/8, not "${text}".`);
  }
  return { index: Number(index), count: Number(count) };
}

export function partPath(out: string, { index, count }: Shard, stage: Stage): string {
  return join(out, `${stage === 'layers' ? 'part' : 'rerank'}-${index}-of-${count}.part`);
}

/**
 * Whether a file holds this part of this spec, whole.
 * @throws UserError where it holds another spec's, which is not to be lost
 */
export function hasPart(file: string, spec: Spec, version: string, stage: Stage): boolean {
  if (!existsSync(file)) return false;
  const read = stage === 'layers' ? readPart : readRerankPart;
  let part: Pick<PartHeader, 'spec' | 'environment'>;
  try {
    part = read(readFileSync(file), file);
  } catch (error) {
    // What cannot be read is made again.
    if (isUserError(error)) return false;
    throw error;
  }
  if (JSON.stringify(part.spec) !== JSON.stringify(spec)) {
    throw new UserError('is a part of another spec; take another --out, or delete it.', { file });
  }
  return part.environment.version === version;
}

/** Writes a part under another name, and renames it when it is whole. */
export function keepPart(file: string, out: string, bytes: Uint8Array): void {
  mkdirSync(out, { recursive: true });
  const written = `${file}.${process.pid}.tmp`;
  writeFileSync(written, bytes);
  renameSync(written, file);
}
