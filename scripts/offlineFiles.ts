import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { furtherList, type OfflineFile, type OfflineFiles } from '../workers/offline/files.ts';

const entry = fileURLToPath(new URL('../workers/offline/serviceWorker.ts', import.meta.url));
/** Beside index.html, so that its scope is the whole page. */
export const serviceWorkerFile = 'service-worker.js';

/** Kept only on request, for their size: the runtimes, the models, collections and vectors. */
const further = [/\.wasm$/, /^models\//, /^datasets\//, /^training\//, /^stored\/vectors\//];
const never = [/\.map$/, new RegExp(`^${serviceWorkerFile}$`), new RegExp(`^${furtherList}$`)];

/** @param folder the built page */
export function offlineFiles(folder: string): OfflineFiles {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'))
    .filter((path) => !never.some((pattern) => pattern.test(path)))
    .sort()
    .map((path) => describe(folder, path));
  const isFurther = ({ path }: OfflineFile): boolean => further.some((pattern) => pattern.test(path));
  return { app: files.filter((file) => !isFurther(file)), further: files.filter(isFurther) };
}

function describe(folder: string, path: string): OfflineFile {
  const content = readFileSync(join(folder, path));
  const revision = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { path, revision, bytes: content.length };
}

/** Builds the service worker behind the page, since it names every file of it. */
export function offline(): Plugin {
  let folder = '';
  return {
    name: 'layerlab-offline',
    apply: 'build',
    configResolved({ root, build: { outDir } }) {
      folder = join(root, outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const files = offlineFiles(folder);
        writeFileSync(join(folder, furtherList), JSON.stringify(files.further));
        await buildServiceWorker(folder, {
          ...files,
          app: [...files.app, describe(folder, furtherList)],
        });
      },
    },
  };
}

async function buildServiceWorker(folder: string, files: OfflineFiles): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: {
      __OFFLINE_FILES__: JSON.stringify(files),
      'process.env.NODE_ENV': JSON.stringify('production'),
    },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'esnext',
      lib: { entry, formats: ['iife'], name: 'serviceWorker', fileName: () => serviceWorkerFile },
    },
  });
}
