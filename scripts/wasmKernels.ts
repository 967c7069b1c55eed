import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

const asked = '?wasm';

/** What a module may use of WebAssembly: the second where the engine has it. */
const features = { plain: 'simd,threads', relaxed: 'simd,threads,relaxed-simd' } as const;

/** Modules that were compiled, by entry: builds of the page and of its workers ask for the same ones. */
const compiled = new Map<string, Promise<string>>();

/**
 * Compiles AssemblyScript: an import of `ENTRY.ts?wasm` gives the bytes of two modules in base64, one for every engine and
 * one with relaxed SIMD. Both take their memory from outside, shared, of up to 4 GB.
 */
export function wasmKernels(): Plugin {
  return {
    name: 'layerlab-wasm-kernels',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(asked) || !importer) return null;
      return join(dirname(importer.replace(/\?.*$/, '')), source);
    },
    async load(id) {
      if (!id.endsWith(asked)) return null;
      const entry = id.slice(0, -asked.length);
      const exported = await Promise.all(
        Object.entries(features).map(
          async ([name, enabled]) =>
            `export const ${name} = ${JSON.stringify(await compile(entry, enabled))};`,
        ),
      );
      return exported.join('\n');
    },
  };
}

function compile(entry: string, enabled: string): Promise<string> {
  const key = `${entry} ${enabled}`;
  const known = compiled.get(key) ?? compileAnew(entry, enabled);
  compiled.set(key, known);
  return known;
}

/** @throws Error with what the compiler says, by file and line */
async function compileAnew(entry: string, enabled: string): Promise<string> {
  // Loaded where it is used: tsx takes seconds to read it, and the command line reads this file at each start.
  const { default: asc } = await import('assemblyscript/asc');
  const root = dirname(entry);
  let bytes: Uint8Array = new Uint8Array();
  const said = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      relative(root, entry),
      ...['--baseDir', root, '--outFile', 'out.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
      ...['--enable', enabled, '--importMemory', '--sharedMemory', '--noExportMemory'],
      ...['--initialMemory', '1', '--maximumMemory', '65536'],
    ],
    {
      stderr: said,
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array;
      },
    },
  );
  if (error) throw new Error(`${entry} cannot be compiled: ${said.toString() || error.message}`);
  return Buffer.from(bytes).toString('base64');
}
