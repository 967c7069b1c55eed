import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import { setHubAccess } from '../src/lab/hub/access.ts';
import { defaultHub } from '../src/lab/hub/name.ts';
import { splitSource } from '../src/lab/hub/source.ts';
import { describedLines } from '../src/lab/models/describedLines.ts';
import { describeModel } from '../src/lab/models/describeModel.ts';
import { openHubModel } from '../src/lab/models/hubFiles.ts';
import type { ModelFiles } from '../src/lab/models/types.ts';
import { diskFiles } from './diskFiles.ts';
import { ProgressPrinter } from './progress.ts';

const bundled = fileURLToPath(new URL('../public/models', import.meta.url));

/** What a browser takes an unknown device to hold. */
const device = { backend: 'wasm', float16: false, most: (8 * 2 ** 30) / 3 } as const;

async function openFiles(source: string, folder: string | undefined, hub: string): Promise<ModelFiles> {
  if (existsSync(join(source, 'config.json'))) return diskFiles(source, source);
  const { scheme, name } = splitSource(source);
  if (scheme === 'bundled') return diskFiles(source, join(bundled, name));
  if (scheme === 'hub') return await openHubModel(name, hub);
  if (scheme !== 'local') {
    throw new UserError(
      `"${source}" names no model; use bundled:NAME, local:NAME, hub:OWNER/NAME@REVISION or a folder.`,
    );
  }
  if (folder === undefined) throw new UserError(`${source} needs --models DIR, the folder that it lies in.`);
  return diskFiles(source, join(folder, name));
}

/** `models SOURCE`: says what a model is and what can be had of it, in lines or as JSON. */
export async function models(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      models: { type: 'string' },
      hub: { type: 'string', default: process.env.HF_ENDPOINT ?? defaultHub },
      json: { type: 'boolean', default: false },
    },
  });
  const [source, ...rest] = positionals;
  if (source === undefined || rest.length > 0) {
    throw new UserError('models takes exactly one SOURCE, as hub:OWNER/NAME.');
  }
  const token = process.env.HF_TOKEN;
  if (token) setHubAccess({ token: { origin: values.hub, value: token } });
  const printer = new ProgressPrinter(process.stderr);
  const description = await describeModel(await openFiles(source, values.models, values.hub), {
    device,
    dtype: 'auto',
    graph: true,
    onDownload: (file, loaded, total) => printer.show({ type: 'download', file, loaded, total }),
  });
  printer.end();
  if (values.json) {
    console.log(JSON.stringify(description, null, 1));
    return;
  }
  const lines = describedLines(description);
  const width = Math.max(...lines.map(([name]) => name.length));
  for (const [name, value] of lines) console.log(`${name.padEnd(width)}  ${value}`);
}
