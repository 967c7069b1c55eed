import { parseArgs } from 'node:util';
import { openModuleServer } from '../../../bin/node/openModuleServer.ts';
import { sentenceOf } from '../../../src/base/userError.ts';
import type * as Fuzz from './fuzz.ts';
import type * as Readers from './readers.ts';

// Readers reach what Vite alone knows to import, some of it when they first need it.
const server = await openModuleServer();
const { fuzz } = (await server.ssrLoadModule('/test/support/fuzz/fuzz.ts')) as typeof Fuzz;
const { fuzzedReaders } = (await server.ssrLoadModule('/test/support/fuzz/readers.ts')) as typeof Readers;

const usage = `Usage: npm run fuzz -- [READER ...] [--runs N] [--seed N]

Gives every reader, or those named, N garbled files (10,000), and exits with 1 when one of them breaks. The seed is
printed; with it the same files come again. Readers: ${fuzzedReaders.map(({ name }) => `"${name}"`).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    help: { type: 'boolean', default: false },
  },
});
const chosen = fuzzedReaders.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (values.help || chosen.length < Math.max(1, positionals.length)) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  console.log(`Seed ${values.seed}, ${values.runs} files for each reader`);
  for (const reader of chosen) {
    const started = performance.now();
    try {
      await fuzz(reader, Number(values.runs), Number(values.seed));
      const seconds = (performance.now() - started) / 1000;
      const megabytes = process.memoryUsage().rss / 1e6;
      console.log(`${reader.name}: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
    } catch (error) {
      console.log(`${reader.name} breaks: ${sentenceOf(error)}`);
      process.exitCode = 1;
    }
  }
}
await server.close();
