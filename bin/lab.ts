import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sentenceOf, UserError } from '../src/base/userError.ts';
import type { Shard } from '../src/lab/data/shard.ts';
import { folderOption } from './folderOption.ts';
import { inLab, type LabOptions, labFlags, labOptions, nodeOptions } from './inLab.ts';
import { inspect } from './inspect.ts';
import { models } from './models.ts';
import { neighbours } from './neighbours.ts';
import { readShard, readStage, type Stage } from './partFile.ts';
import { search } from './search.ts';
import { merge, runPart } from './shardCommands.ts';
import { specIn } from './specIn.ts';
import { statusOf } from './statusOf.ts';

const usage = `Usage: npm run lab -- run SPEC.json --out DIR [options]
       npm run lab -- check SPEC.json [options]
       npm run lab -- run SPEC.json --out DIR --shard I/N [--stage rerank] [options]
       npm run lab -- merge OUT PART... [--data DIR]
       npm run lab -- models SOURCE [--models DIR] [--json]
       npm run lab -- inspect --query TEXT --document TEXT [options]
       npm run lab -- neighbours --collection SOURCE --text TEXT [options]
       npm run lab -- search VECTORS.npy... --queries VECTORS.npy --out RUN.trec [options]

run    Runs an experiment by the same code as on the page, in Node or in a headless browser.
merge  Makes of all parts that --shard wrote what one run would have written.
check  Looks for what would stop a run, without embedding a text: one line a problem.
inspect  Prints what every layer of both models makes of two texts; inspect --help tells more.
neighbours  Lists what every layer finds for texts; neighbours --help tells more.
search  Searches files of vectors of any length; search --help tells more.

Exit status: 0 when all is done, 1 when it cannot be or check finds a problem,
3 when a run finished but a part of its comparison failed, 75 for failures that
may be over when it is tried again, 130 when cancelled.

  --out DIR       where report.json and the kept files go
  --models DIR    folder of model folders, named in a spec as local:NAME
  --data DIR      folder of collections, named in a spec as local:NAME
  --runtime WHICH node (models by onnxruntime-node) or browser; node where it is installed
  --provider WHICH what node runs models on: cpu, cuda or webgpu; without, what is there and right
                  by the self-check, and quicker
  --threads N     of the processor, in node; what the system grants without
  --cache DIR     where node keeps embeddings and downloads; the user's cache folder without
  --no-cache      neither use nor leave embeddings for the next run
  --shard I/N     only part I of N, from 0, into a file in DIR: of the layers by documents, or
  --stage rerank  of the comparison by queries
  --runs DIR      what merge wrote of the layers' parts: lists that --stage rerank need not search
  --adapter WHICH of a browser: auto (a real GPU when there is one), gpu, or software
  --help          this text`;

interface Options extends LabOptions {
  readonly specFile: string;
  readonly shard?: Shard;
  readonly stage: Stage;
  readonly runs: string | null;
}

function parseOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...labFlags,
      out: { type: 'string' },
      shard: { type: 'string' },
      stage: { type: 'string' },
      runs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || argv.length === 0) return 'help';
  const [command, specFile, ...rest] = positionals;
  if (command !== 'run' && command !== 'check') {
    throw new UserError(
      `There is no command "${command ?? ''}"; the commands are run, merge, check, inspect, neighbours, search and models; --help tells of them.`,
    );
  }
  if (specFile === undefined || rest.length > 0)
    throw new UserError(`${command} takes exactly one SPEC.json.`);
  if (command === 'run' && values.out === undefined) {
    throw new UserError('run needs --out DIR, where the report goes.');
  }
  const options = labOptions(values);
  const shard = values.shard === undefined ? undefined : readShard(values.shard);
  if (shard && (options.runtime !== 'node' || command !== 'run')) {
    throw new UserError('--shard belongs to run, in Node; leave it out, or take --runtime node.');
  }
  const stage = readStage(values.stage);
  if (stage === 'rerank' && !shard) {
    throw new UserError('--stage rerank does a part; say which by --shard I/N, 0/1 for the whole.');
  }
  if (stage !== 'rerank' && values.runs !== undefined) {
    throw new UserError('--runs belongs to --stage rerank; leave it out.');
  }
  return {
    ...options,
    specFile,
    shard,
    stage,
    runs: folderOption('--runs', values.runs) ?? null,
    out: command === 'run' ? resolve(values.out!) : undefined,
  };
}

async function run(options: Options, out: string): Promise<void> {
  const spec = specIn(options.specFile);
  if (options.shard) {
    const { shard, stage, runs } = options;
    await runPart(spec, { shard, stage, out, runs }, nodeOptions(options));
    return;
  }
  mkdirSync(out, { recursive: true });
  await inLab(options, async (lab, printer) => {
    process.once('SIGINT', () => {
      process.exitCode = 130;
      printer.line('Cancelling; what is embedded so far stays in the cache.');
      lab.cancel();
    });
    const { status, sentence } = await lab.run(spec);
    printer.end();
    process.exitCode ||= status;
    if (sentence !== null) throw new UserError(sentence);
    printer.line(`Written to ${out}`);
  });
}

/** Prints problems on stdout, a line each, and warnings on stderr. */
async function check(options: Options): Promise<void> {
  const spec = specIn(options.specFile);
  await inLab(options, async (lab, printer) => {
    const { refused, leftOut, warnings } = await lab.check(spec);
    for (const warning of warnings) printer.line(`Warning: ${warning}`);
    for (const problem of [...refused, ...leftOut]) console.log(problem);
    if (refused.length + leftOut.length > 0) process.exitCode = 1;
  });
}

try {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'models') await models(rest);
  else if (command === 'merge') await merge(rest);
  else if (command === 'inspect') await inspect(rest);
  else if (command === 'neighbours') await neighbours(rest);
  else if (command === 'search') await search(rest);
  else {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') console.log(usage);
    else if (options.out === undefined) await check(options);
    else await run(options, options.out);
  }
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode ||= statusOf(error);
}
