/**
 * `npm run bench:embedders`: embeddings of every layer by the lab, in Node, in a browser by its own kernels and there by
 * onnxruntime, and by sentence-transformers with PyTorch, in turn, on the processor: the same texts, as many threads. LAYERLAB_PYTHON names a Python that has
 * sentence-transformers; without it that side is left out.
 *
 * `-- --kinds ce,de --collection debian-packages --texts 1000 --rounds 7` are its defaults. `--models DIR --model NAME`
 * takes another model, `--data DIR` looks for the collection there, `--last-layer K` embeds the layers up to that one,
 * `--max-length N` cuts texts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { folderOption } from '../../bin/folderOption.ts';
import { filesBase } from '../../bin/node/fetchFiles.ts';
import { nodeRuntime } from '../../bin/node/nodeRuntime.ts';
import { installNodeScope } from '../../bin/node/nodeScope.ts';
import { openModuleServer } from '../../bin/node/openModuleServer.ts';
import { folderAt } from '../../bin/serve.ts';
import { sentenceOf, UserError } from '../../src/base/userError.ts';
import type { ModelKind } from '../../src/lab/models/types.ts';
import { interleaved, median, medianRatio } from '../measure.ts';
import { openBenchPage } from '../openBenchPage.ts';
import type { BenchPage } from '../page.ts';
import type * as EmbedderModule from './embedder.ts';
import type { Embedder, Round, Workload } from './embedder.ts';
import { openSentenceTransformers } from './python.ts';

const { values } = parseArgs({
  options: {
    kinds: { type: 'string', default: 'ce,de' },
    collection: { type: 'string', default: 'debian-packages' },
    texts: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
    models: { type: 'string' },
    model: { type: 'string' },
    data: { type: 'string' },
    'last-layer': { type: 'string' },
    'max-length': { type: 'string', default: '256' },
  },
});
const python = process.env.LAYERLAB_PYTHON;
const page = fileURLToPath(new URL('../../public', import.meta.url));
/** As many as a browser takes at most, so that all sides have as many. */
const threads = Math.min(8, availableParallelism());

type BenchRounds = Pick<BenchPage, 'benchOpen' | 'benchRound'>;

interface Side {
  readonly name: string;
  readonly embedder: Embedder;
}

async function openSides(
  { openEmbedder }: typeof EmbedderModule,
  bench: BenchRounds,
  folder: string,
  workload: Workload,
): Promise<Side[]> {
  const sides = [{ name: 'the lab in Node', embedder: await openEmbedder(filesBase, workload) }];
  const inBrowser = [
    ['the lab in a browser', true],
    ['onnxruntime in a browser', false],
  ] as const;
  for (const [name, own] of inBrowser) {
    await bench.benchOpen(name, { ...workload, own });
    sides.push({ name, embedder: { round: () => bench.benchRound(name), dispose: async () => {} } });
  }
  if (python) {
    const embedder = await openSentenceTransformers(python, folder, threads, workload);
    sides.push({ name: 'sentence-transformers', embedder });
  }
  return sides;
}

/** The largest difference between two sides' vectors of the first text. */
function apart(one: Round, other: Round): number {
  if (one.first.length !== other.first.length)
    throw new Error(`One side gives ${one.first.length} numbers a text, another ${other.first.length}.`);
  return one.first.reduce((most, value, index) => Math.max(most, Math.abs(value - other.first[index]!)), 0);
}

async function measure(sides: readonly Side[], workload: Workload, rounds: number): Promise<void> {
  const firsts: Round[] = [];
  for (const { embedder } of sides) firsts.push(await embedder.round());
  const seconds = await interleaved(
    sides.map(
      ({ embedder }) =>
        async () =>
          void (await embedder.round()),
    ),
    rounds,
  );
  const count = workload.texts.length;
  console.log(
    `${workload.model}, ${workload.kind === 'ce' ? 'texts paired with themselves' : 'texts'}, ` +
      `${workload.lastLayer === null ? 'all layers' : `layers 0 to ${workload.lastLayer}`}: ` +
      `${count} texts, ${threads} threads, median of ${rounds} rounds, load ${loadavg()[0]!.toFixed(1)}`,
  );
  const reference = sides.length - 1;
  for (const [index, { name }] of sides.entries()) {
    const pace = `${name}: ${(count / median(seconds[index]!)).toFixed(0)} texts/s`;
    console.log(
      index === reference
        ? `  ${pace}`
        : `  ${pace}, ${medianRatio(seconds[index]!, seconds[reference]!).toFixed(2)} times ${sides[reference]!.name} ` +
            `(vectors apart by ${apart(firsts[index]!, firsts[reference]!).toExponential(1)})`,
    );
  }
}

function numberOf(option: 'texts' | 'rounds' | 'last-layer' | 'max-length'): number {
  const value = Number(values[option]);
  if (!Number.isInteger(value) || value < 0)
    throw new UserError(`--${option} takes a whole number, not "${values[option]}".`);
  return value;
}

async function main(): Promise<void> {
  const folders = {
    models: folderOption('--models', values.models),
    data: folderOption('--data', values.data),
  };
  const cache = mkdtempSync(join(tmpdir(), 'layerlab-'));
  const server = await openModuleServer();
  const plugins = folders.models ? [folderAt('/__local/models', folders.models)] : [];
  const opened = await openBenchPage('software', plugins);
  try {
    installNodeScope({ page, ...folders, cache, gpu: {} as GPU });
    const modules = (await server.ssrLoadModule('/bench/embedders/embedder.ts')) as typeof EmbedderModule;
    modules.setRuntimeHost(await nodeRuntime('cpu'));
    const texts = await modules.firstTexts(
      `${folders.data ? 'local' : 'bundled'}:${values.collection}`,
      numberOf('texts'),
      modules.contextAt(filesBase),
    );
    if (!python) console.log('LAYERLAB_PYTHON names no Python, so sentence-transformers is left out.');
    const bench: BenchRounds = {
      benchOpen: (name, workload) =>
        opened.page.evaluate(([as, given]) => (globalThis as unknown as BenchPage).benchOpen(as, given), [
          name,
          workload,
        ] as const),
      benchRound: (name) =>
        opened.page.evaluate((as) => (globalThis as unknown as BenchPage).benchRound(as), name),
    };
    for (const kind of values.kinds.split(',') as ModelKind[]) {
      const name = values.model ?? `mini-${kind}`;
      const workload: Workload = {
        kind,
        model: `${folders.models ? 'local' : 'bundled'}:${name}`,
        texts,
        lastLayer: values['last-layer'] === undefined ? null : numberOf('last-layer'),
        maxLength: numberOf('max-length'),
        own: false,
      };
      const folder = resolve(folders.models ?? join(page, 'models'), name);
      const sides = await openSides(modules, bench, folder, workload);
      try {
        await measure(sides, workload, numberOf('rounds'));
      } finally {
        for (const { embedder } of sides) await embedder.dispose();
      }
    }
  } finally {
    await opened.close();
    await server.close();
    rmSync(cache, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
