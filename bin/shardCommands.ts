import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import { checkParts } from '../src/lab/pipeline/checkParts.ts';
import { readPart } from '../src/lab/pipeline/part.ts';
import { refuseUnsharded, type Shard } from '../src/lab/pipeline/shard.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { folderOption } from './folderOption.ts';
import { inNode } from './node/inNode.ts';
import type { NodeOptions } from './node/openNodeLab.ts';
import { hasPart, keepPart, partPath } from './partFile.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** `run SPEC.json --out DIR --shard I/N`: makes one part, unless it is there. */
export async function runPart(spec: Spec, shard: Shard, out: string, options: NodeOptions): Promise<void> {
  refuseUnsharded(spec);
  const file = partPath(out, shard);
  if (hasPart(file, spec, version)) {
    console.error(`${file} is there and complete; nothing is computed.`);
    return;
  }
  await inNode(options, async (lab, printer) => {
    process.once('SIGINT', () => {
      process.exitCode = 130;
      printer.line('Cancelling; what is embedded so far stays in the cache.');
      lab.cancel();
    });
    keepPart(file, out, await lab.shard(spec, shard));
    printer.line(`Written to ${file}`);
  });
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
  const parts = checkParts(
    files.map((file) => {
      if (!existsSync(file)) throw new UserError('there is no such file; name the parts.', { file });
      return { ...readPart(readFileSync(file), file), file };
    }),
  );
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  const options = { out, data: folderOption('--data', values.data), cache: null };
  await inNode(options, async (lab, printer) => {
    await lab.merge(parts);
    printer.line(`Written to ${out}`);
  });
}
