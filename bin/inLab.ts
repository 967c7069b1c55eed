import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../src/base/userError.ts';
import { type AdapterChoice, adapters, openBrowser } from './browser.ts';
import { buildIfStale } from './build.ts';
import { folderOption } from './folderOption.ts';
import { type HeadlessLab, openHeadlessLab } from './headlessLab.ts';
import { inNode } from './node/inNode.ts';
import type { NodeOptions } from './node/openNodeLab.ts';
import { ProgressPrinter } from './progress.ts';
import { type Provider, readProvider } from './provider.ts';
import { type RuntimeChoice, runtimeFor } from './runtimeFor.ts';
import { readThreads } from './threads.ts';
import { userCacheFolder } from './userCacheFolder.ts';

/** The cache belongs to an origin, so the port must be the same in every run. */
const cachePort = 41733;

/** What runs the lab, and which folders it sees. */
export interface LabOptions {
  /** The folder that a run writes to; other commands have none. */
  readonly out?: string;
  readonly models?: string;
  readonly data?: string;
  readonly runtime: RuntimeChoice;
  readonly adapter: AdapterChoice;
  /** What Node runs models on; null where the self-check decides. */
  readonly provider: Provider | null;
  /** Threads that Node takes. */
  readonly threads: number;
  readonly cache: boolean;
  /** Where Node keeps what is kept; the user's cache folder without. */
  readonly cacheFolder?: string;
}

/** Flags of all commands that run the lab, for `parseArgs`. */
export const labFlags = {
  models: { type: 'string' },
  data: { type: 'string' },
  runtime: { type: 'string' },
  adapter: { type: 'string' },
  provider: { type: 'string' },
  threads: { type: 'string' },
  cache: { type: 'string' },
  'no-cache': { type: 'boolean', default: false },
} as const;

type LabFlags = { readonly [name in Exclude<keyof typeof labFlags, 'no-cache'>]?: string } & {
  readonly 'no-cache': boolean;
};

/** @throws UserError for a folder, a runtime or an adapter that there is not */
export function labOptions(values: LabFlags): LabOptions {
  const adapter = adapters.find((name) => name === (values.adapter ?? 'auto'));
  if (!adapter) throw new UserError(`--adapter takes ${adapters.join(', ')}, not "${values.adapter}".`);
  const runtime = runtimeFor(values);
  return {
    models: folderOption('--models', values.models),
    data: folderOption('--data', values.data),
    adapter,
    runtime,
    provider: readProvider(values.provider, runtime),
    threads: readThreads(values.threads, runtime),
    cache: !values['no-cache'],
    cacheFolder: values.cache === undefined ? undefined : resolve(values.cache),
  };
}

type Work = (lab: HeadlessLab, printer: ProgressPrinter) => Promise<void>;

/** Opens the lab for some work, and closes all behind it. */
export async function inLab(options: LabOptions, work: Work): Promise<void> {
  await (options.runtime === 'node' ? inNode(nodeOptions(options), work) : inBrowser(options, work));
}

/** What of it Node takes. */
export function nodeOptions(options: LabOptions): NodeOptions {
  const { models, data, out, provider, threads, cache, cacheFolder } = options;
  return { models, data, out, provider, threads, cache: cache ? (cacheFolder ?? userCacheFolder()) : null };
}

async function inBrowser(options: LabOptions, work: Work): Promise<void> {
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
