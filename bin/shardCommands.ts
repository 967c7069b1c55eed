import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import type { Shard } from '../src/lab/data/shard.ts';
import { checkParts, checkRerankParts } from '../src/lab/pipeline/checkParts.ts';
import type { PartsOfRun } from '../src/lab/pipeline/mergeParts.ts';
import { readPart } from '../src/lab/pipeline/part.ts';
import { readRerankPart, rerankFormat } from '../src/lab/pipeline/rerankPart.ts';
import { formatOf } from '../src/lab/pipeline/sealed.ts';
import { refuseUncompared, refuseUnsharded } from '../src/lab/pipeline/shard.ts';
import { readReport } from '../src/lab/report/read.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { folderOption } from './folderOption.ts';
import { inNode } from './node/inNode.ts';
import type { NodeOptions } from './node/openNodeLab.ts';
import { hasPart, keepPart, partPath, type Stage } from './partFile.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What of a run a part is, and where it goes. */
export interface PartOptions {
  readonly shard: Shard;
  readonly stage: Stage;
  readonly out: string;
  /** Folder that a merge of the same spec's layers wrote to; null for none. */
  readonly runs: string | null;
}

/** `run SPEC.json --out DIR --shard I/N`: makes one part, unless it is there. */
export async function runPart(
  spec: Spec,
  { shard, stage, out, runs }: PartOptions,
  options: NodeOptions,
): Promise<void> {
  (stage === 'layers' ? refuseUnsharded : refuseUncompared)(spec);
  if (runs !== null) refuseOtherRuns(runs, spec);
  const file = partPath(out, shard, stage);
  if (hasPart(file, spec, version, stage)) {
    console.error(`${file} is there and complete; nothing is computed.`);
    return;
  }
  await inNode(options, async (lab, printer) => {
    process.once('SIGINT', () => {
      process.exitCode = 130;
      printer.line('Cancelling; what is embedded so far stays in the cache.');
      lab.cancel();
    });
    const part = stage === 'layers' ? lab.shard(spec, shard) : lab.rerank(spec, shard, runs);
    keepPart(file, out, await part);
    printer.line(`Written to ${file}`);
  });
}

/** @throws UserError where a folder does not hold what the same spec's layers came to */
function refuseOtherRuns(folder: string, spec: Spec): void {
  const file = join(folder, 'report.json');
  if (!existsSync(file)) {
    throw new UserError('is not there; --runs takes the folder that merge wrote to.', { file });
  }
  if (JSON.stringify(readReport(readFileSync(file, 'utf8'), file).spec) !== JSON.stringify(spec)) {
    throw new UserError('is of another spec; --runs takes what merge made of the parts of this one.', {
      file,
    });
  }
}

/** `merge OUT PART…`: writes what one run would have written. */
export async function merge(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { data: { type: 'string' }, cache: { type: 'string' }, 'no-cache': { type: 'boolean' } },
  });
  const [folder, ...files] = positionals;
  if (folder === undefined || files.length === 0) {
    throw new UserError('merge takes OUT, the folder that the report goes to, and the files of all parts.');
  }
  const parts = partsIn(files);
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  const options = { out, data: folderOption('--data', values.data), cache: null };
  await inNode(options, async (lab, printer) => {
    const { failures } = await lab.merge(parts);
    if (failures.length > 0) process.exitCode = 3;
    printer.line(`Written to ${out}`);
  });
}

/** Reads parts, and checks them before the lab is opened. @throws UserError */
function partsIn(files: readonly string[]): PartsOfRun {
  const layers: PartsOfRun['layers'][number][] = [];
  const reranked: PartsOfRun['reranked'][number][] = [];
  for (const file of files) {
    if (!existsSync(file)) throw new UserError('there is no such file; name the parts.', { file });
    const bytes = readFileSync(file);
    if (formatOf(bytes) === rerankFormat.format) reranked.push({ ...readRerankPart(bytes, file), file });
    else layers.push({ ...readPart(bytes, file), file });
  }
  return {
    layers: layers.length > 0 ? checkParts(layers) : [],
    reranked: reranked.length > 0 ? checkRerankParts(reranked) : [],
  };
}
