import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sentenceOf, UserError } from '../src/base/userError.ts';
import { readSpec } from '../src/lab/spec/readSpec.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { type AdapterChoice, adapters, openBrowser } from './browser.ts';
import { buildIfStale } from './build.ts';
import { type HeadlessLab, openHeadlessLab } from './headlessLab.ts';
import { models } from './models.ts';
import { loadLabModules } from './node/loadLabModules.ts';
import { openNodeLab } from './node/openNodeLab.ts';
import { ProgressPrinter } from './progress.ts';
import { type RuntimeChoice, runtimeFor } from './runtimeFor.ts';
import { statusOf } from './statusOf.ts';
import { userCacheFolder } from './userCacheFolder.ts';

const usage = `Usage: npm run lab -- run SPEC.json --out DIR [options]
       npm run lab -- check SPEC.json [options]
       npm run lab -- models SOURCE [--models DIR] [--json]

run    Runs an experiment by the same code as on the page, in Node or in a headless browser.
check  Looks for what would stop a run, without embedding a text: one line a problem.

Exit status: 0 when all is done, 1 when it cannot be or check finds a problem,
3 when a run finished but a part of its comparison failed, 75 for failures that
may be over when it is tried again, 130 when cancelled.

  --out DIR       where report.json and the kept files go
  --models DIR    folder of model folders, named in a spec as local:NAME
  --data DIR      folder of collections, named in a spec as local:NAME
  --runtime WHICH node (models by onnxruntime-node) or browser; node where it is installed
  --cache DIR     where node keeps embeddings and downloads; the user's cache folder without
  --no-cache      neither use nor leave embeddings for the next run
  --adapter WHICH of a browser: auto (a real GPU when there is one), gpu, or software
  --help          this text`;

/** The cache belongs to an origin, so the port must be the same in every run. */
const cachePort = 41733;

interface Options {
  readonly specFile: string;
  /** The folder that a run writes to; a check has none. */
  readonly out?: string;
  readonly models?: string;
  readonly data?: string;
  readonly runtime: RuntimeChoice;
  readonly adapter: AdapterChoice;
  readonly cache: boolean;
  /** Where Node keeps what is kept; the user's cache folder without. */
  readonly cacheFolder?: string;
}

function folder(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new UserError(`${option} names ${path}, which is not a folder; name one that exists.`);
  }
  return resolve(path);
}

function parseOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      models: { type: 'string' },
      data: { type: 'string' },
      runtime: { type: 'string' },
      adapter: { type: 'string' },
      cache: { type: 'string' },
      'no-cache': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || argv.length === 0) return 'help';
  const [command, specFile, ...rest] = positionals;
  if (command !== 'run' && command !== 'check') {
    throw new UserError(
      `There is no command "${command ?? ''}"; the commands are run, check and models; --help tells of them.`,
    );
  }
  if (specFile === undefined || rest.length > 0)
    throw new UserError(`${command} takes exactly one SPEC.json.`);
  if (command === 'run' && values.out === undefined) {
    throw new UserError('run needs --out DIR, where the report goes.');
  }
  const adapter = adapters.find((name) => name === (values.adapter ?? 'auto'));
  if (!adapter) throw new UserError(`--adapter takes ${adapters.join(', ')}, not "${values.adapter}".`);
  return {
    specFile,
    out: command === 'run' ? resolve(values.out!) : undefined,
    models: folder('--models', values.models),
    data: folder('--data', values.data),
    adapter,
    runtime: runtimeFor(values),
    cache: !values['no-cache'],
    cacheFolder: values.cache === undefined ? undefined : resolve(values.cache),
  };
}

function specIn(file: string): Spec {
  if (!existsSync(file)) throw new UserError('there is no such file; name an existing spec.', { file });
  return readSpec(readFileSync(file, 'utf8'), file);
}

type Work = (lab: HeadlessLab, printer: ProgressPrinter) => Promise<void>;

/** Opens the lab for some work, and closes all behind it. */
async function inLab(options: Options, work: Work): Promise<void> {
  await (options.runtime === 'node' ? inNode : inBrowser)(options, work);
}

async function inNode({ cache, cacheFolder, models, data, out }: Options, work: Work): Promise<void> {
  const printer = new ProgressPrinter(process.stderr);
  printer.line(`In Node ${process.versions.node}`);
  const folder = cache ? (cacheFolder ?? userCacheFolder()) : null;
  const { modules, close } = await loadLabModules();
  let lab: HeadlessLab | null = null;
  try {
    lab = await openNodeLab(modules, { models, data, out, cache: folder }, (event) => printer.show(event));
    await work(lab, printer);
  } finally {
    printer.end();
    await close();
    await lab?.close();
  }
}

async function inBrowser(options: Options, work: Work): Promise<void> {
  await buildIfStale();
  const profile = options.cache ? fileURLToPath(new URL('../.cache/browser', import.meta.url)) : null;
  const browser = await openBrowser(options.adapter, profile);
  const printer = new ProgressPrinter(process.stderr);
  let lab: HeadlessLab | null = null;
  try {
    printer.line('In a headless browser');
    if (browser.notice) printer.line(browser.notice);
    browser.page.on('pageerror', (error) => printer.line(`The page failed: ${error.message}`));
    const { models, data, out } = options;
    const port = options.cache ? cachePort : undefined;
    lab = await openHeadlessLab(browser.page, { models, data, out, port }, (event) => printer.show(event));
    await work(lab, printer);
  } finally {
    printer.end();
    await browser.close();
    await lab?.close();
  }
}

async function run(options: Options, out: string): Promise<void> {
  const spec = specIn(options.specFile);
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
