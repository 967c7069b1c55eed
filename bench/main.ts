/**
 * `npm run bench [-- NAME ...] [--adapter auto|gpu|software]`: measurements side by side in one browser.
 * `npm run bench -- --node [NAME ...]`: those of the kernels, in Node.
 * `npm run bench -- --node --gpu [--out FILE.json]`: one adapter's peaks, and what share of them the kernels reach.
 * `npm run bench -- --table`: writes the table of docs/speed.md out of such files, those in bench/adapters.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AdapterChoice, adapters } from '../bin/browser.ts';
import { openModuleServer } from '../bin/node/openModuleServer.ts';
import { openNodeGpu, whatLacks } from '../bin/node/openNodeGpu.ts';
import { keptReports, withGpuTable } from './gpuTable.ts';
import { openBenchPage } from './openBenchPage.ts';
import type { BenchPage } from './page.ts';
import type { BenchRow } from './row.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    adapter: { type: 'string', default: 'auto' },
    node: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

const speedPage = fileURLToPath(new URL('../docs/speed.md', import.meta.url));

function print(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const against = row.against ? ` (${row.against})` : '';
    console.log(
      `${row.name}: ${row.ours.toPrecision(4)} against ${row.other.toPrecision(4)} ${row.unit}${against}, ` +
        `ratio ${row.ratio.toFixed(3)}${row.note ? `; ${row.note}` : ''}`,
    );
  }
}

async function inBrowser(names: readonly string[], adapter: AdapterChoice): Promise<void> {
  const bench = await openBenchPage(adapter);
  try {
    const { page } = bench;
    const known = await page.evaluate(() => (globalThis as unknown as BenchPage).benchNames);
    const unknown = names.find((name) => !known.includes(name));
    if (unknown) throw new Error(`There is no bench "${unknown}"; there are ${known.join(', ')}.`);
    for (const name of names.length > 0 ? names : known) {
      console.log(`\n${name}${bench.software ? ' (software adapter)' : ''}`);
      print(await page.evaluate((given) => (globalThis as unknown as BenchPage).benchRun(given), name));
    }
  } finally {
    await bench.close();
  }
}

async function inNode(work: (benches: typeof import('./node.ts')) => Promise<void>): Promise<void> {
  const server = await openModuleServer();
  try {
    const benches = (await server.ssrLoadModule('/bench/node.ts')) as typeof import('./node.ts');
    await work(benches);
  } finally {
    await server.close();
  }
}

async function nodeBenches(names: readonly string[]): Promise<void> {
  const gpu = await openNodeGpu();
  await inNode(async (benches) => {
    console.log(`In Node ${process.versions.node}, on ${await benches.describeAdapter(gpu)}`);
    for (const name of names.length > 0 ? names : Object.keys(benches.nodeBenches)) {
      console.log(`\n${name}`);
      print(await benches.runNodeBench(gpu, name, (line) => console.error(line)));
    }
  });
}

async function gpuReport(out: string | undefined): Promise<void> {
  const gpu = await openNodeGpu();
  await inNode(async ({ measureGpu, gpuLines }) => {
    const report = await measureGpu(gpu, `Node ${process.versions.node}`, (line) => console.error(line));
    console.log(gpuLines(report).join('\n'));
    if (report.software) console.log(`No GPU was measured: ${whatLacks()}`);
    if (out !== undefined) writeFileSync(out, `${JSON.stringify(report, null, 1)}\n`);
  });
}

try {
  const adapter = adapters.find((name) => name === values.adapter);
  if (!adapter) throw new Error(`--adapter takes ${adapters.join(', ')}, not "${values.adapter}".`);
  if (values.table) {
    writeFileSync(speedPage, withGpuTable(readFileSync(speedPage, 'utf8'), keptReports()));
  } else if (values.node && values.gpu) await gpuReport(values.out);
  else if (values.node) await nodeBenches(positionals);
  else await inBrowser(positionals, adapter);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
