import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sentenceOf, UserError } from '../src/base/userError.ts';
import type { RunEvent } from '../src/lab/pipeline/events.ts';
import { parseSpec } from '../src/lab/spec/parse.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { type AdapterChoice, adapters, openBrowser } from './browser.ts';
import { buildIfStale } from './build.ts';
import { models } from './models.ts';
import { ProgressPrinter } from './progress.ts';
import { serve } from './serve.ts';

const usage = `Usage: npm run lab -- run SPEC.json --out DIR [options]
       npm run lab -- models SOURCE [--models DIR] [--json]

Runs an experiment in a headless browser: the same code as on the page.

  --out DIR       where report.json and the kept files go
  --models DIR    folder of model folders, named in a spec as local:NAME
  --data DIR      folder of collections, named in a spec as local:NAME
  --adapter WHICH auto (a real GPU when there is one), gpu, or software
  --no-cache      neither use nor leave embeddings for the next run
  --help          this text`;

/** The cache belongs to an origin, so the port must be the same in every run. */
const cachePort = 41733;

interface Options {
  readonly specFile: string;
  readonly out: string;
  readonly models?: string;
  readonly data?: string;
  readonly adapter: AdapterChoice;
  readonly cache: boolean;
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
      adapter: { type: 'string', default: 'auto' },
      'no-cache': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || argv.length === 0) return 'help';
  const [command, specFile, ...rest] = positionals;
  if (command !== 'run') {
    throw new UserError(
      `There is no command "${command ?? ''}"; the commands are run and models; --help tells of them.`,
    );
  }
  if (specFile === undefined || rest.length > 0) throw new UserError('run takes exactly one SPEC.json.');
  if (values.out === undefined) throw new UserError('run needs --out DIR, where the report goes.');
  const adapter = adapters.find((name) => name === values.adapter);
  if (!adapter) throw new UserError(`--adapter takes ${adapters.join(', ')}, not "${values.adapter}".`);
  return {
    specFile,
    out: resolve(values.out),
    models: folder('--models', values.models),
    data: folder('--data', values.data),
    adapter,
    cache: !values['no-cache'],
  };
}

function readSpec(file: string): Spec {
  if (!existsSync(file)) throw new UserError('there is no such file; name an existing spec.', { file });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`is not JSON (${sentenceOf(error)}); correct it.`, { file });
  }
  try {
    return parseSpec(value);
  } catch (error) {
    throw new UserError(sentenceOf(error), { file });
  }
}

/** The page's own way back to this process; see src/app/headless.ts. */
export interface HeadlessPage {
  layerlabRun(spec: Spec): Promise<{ ok: true } | { ok: false; sentence: string }>;
  layerlabCancel(): Promise<void>;
  layerlabEvent(event: RunEvent): Promise<void>;
}

async function run(options: Options): Promise<void> {
  const spec = readSpec(options.specFile);
  mkdirSync(options.out, { recursive: true });
  await buildIfStale();
  const server = await serve({
    models: options.models,
    data: options.data,
    out: options.out,
    port: options.cache ? cachePort : undefined,
  });
  const profile = options.cache ? fileURLToPath(new URL('../.cache/browser', import.meta.url)) : null;
  const browser = await openBrowser(options.adapter, profile);
  const printer = new ProgressPrinter(process.stderr);
  let cancelled = false;
  try {
    if (browser.notice) printer.line(browser.notice);
    const { page } = browser;
    page.on('pageerror', (error) => printer.line(`The page failed: ${error.message}`));
    await page.exposeFunction('layerlabEvent', (event: RunEvent) => {
      printer.show(event);
      if (event.type === 'report') {
        writeFileSync(join(options.out, 'report.json'), `${JSON.stringify(event.report, null, 1)}\n`);
      }
    });
    await page.goto(`${server.url}#/headless`);
    await page.waitForFunction(() => 'layerlabRun' in globalThis);
    process.once('SIGINT', () => {
      cancelled = true;
      printer.line('Cancelling; what is embedded so far stays in the cache.');
      page.evaluate(() => (globalThis as unknown as HeadlessPage).layerlabCancel()).catch(() => undefined);
    });
    const result = await page.evaluate(
      (given) => (globalThis as unknown as HeadlessPage).layerlabRun(given),
      spec,
    );
    printer.end();
    if (!result.ok) throw new UserError(result.sentence);
    printer.line(`Written to ${options.out}`);
  } finally {
    printer.end();
    await browser.close();
    await server.close();
    if (cancelled) process.exitCode = 130;
  }
}

try {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'models') await models(rest);
  else {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') console.log(usage);
    else await run(options);
  }
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode ||= 1;
}
