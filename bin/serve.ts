import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Plugin, type PreviewServer, preview, type ViteDevServer } from 'vite';
import { below } from './below.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface ServeOptions {
  /** Folder of the built page, where it is not this checkout's `dist`. */
  readonly built?: string;
  /** Folder whose sub-folders are served as `local:NAME` models. */
  readonly models?: string;
  /** Folder whose sub-folders and files are served as `local:NAME` collections. */
  readonly data?: string;
  /** Folder that receives what the page writes with PUT. */
  readonly out?: string;
  readonly port?: number;
  /** Extra request handlers, before the files; for tests. */
  readonly plugins?: readonly Plugin[];
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: string): void {
  const { size } = statSync(file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/octet-stream');
  if (range) {
    const start = Number(range[1]);
    const end = range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    response.writeHead(206, {
      'Content-Range': `bytes ${start}-${end}/${size}`,
      'Content-Length': end - start + 1,
    });
    createReadStream(file, { start, end }).pipe(response);
    return;
  }
  response.writeHead(200, { 'Content-Length': size });
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
}

/** Serves `folder` at `prefix`: files as they are, a folder as a JSON list of the files below it. */
export function folderAt(prefix: string, folder: string): Plugin {
  const base = resolve(folder);
  const serveFolder = ({ middlewares }: PreviewServer | ViteDevServer): void => {
    middlewares.use(prefix, (request, response) => {
      const file = below(base, (request.url ?? '/').split('?')[0]!.replace(/\/+$/, ''));
      if (!file || !existsSync(file)) {
        response.writeHead(404).end();
      } else if (statSync(file).isDirectory()) {
        const files = readdirSync(file, { recursive: true, encoding: 'utf8' }).filter((name) =>
          statSync(join(file, name)).isFile(),
        );
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(files));
      } else {
        sendFile(request, response, file);
      }
    });
  };
  return {
    name: `layerlab-folder-${prefix}`,
    configurePreviewServer: serveFolder,
    configureServer: serveFolder,
  };
}

function outputAt(prefix: string, folder: string): Plugin {
  const base = resolve(folder);
  return {
    name: 'layerlab-output',
    configurePreviewServer(server) {
      server.middlewares.use(prefix, (request, response) => {
        const file = below(base, (request.url ?? '/').split('?')[0]!);
        if (request.method !== 'PUT' || !file) {
          response.writeHead(405).end();
          return;
        }
        mkdirSync(dirname(file), { recursive: true });
        const flags = request.url?.endsWith('?append') ? 'a' : 'w';
        pipeline(request, createWriteStream(file, { flags })).then(
          () => response.writeHead(204).end(),
          (error: Error) => response.writeHead(507).end(error.message),
        );
      });
    },
  };
}

/** Serves the built page with the headers that threads need. @returns its URL and how to stop it. */
export async function serve(
  options: ServeOptions = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const built = resolve(root, options.built ?? 'dist');
  if (!existsSync(join(built, 'index.html'))) {
    throw new Error(`${built} has no built page; run \`npm run build\` first.`);
  }
  const plugins = [...(options.plugins ?? [])];
  if (options.models) plugins.push(folderAt('/__local/models', options.models));
  if (options.data) plugins.push(folderAt('/__local/data', options.data));
  if (options.out) plugins.push(outputAt('/__out', options.out));
  const server = await preview({
    root,
    logLevel: 'error',
    plugins,
    build: { outDir: built },
    preview: { port: options.port ?? 0, host: '127.0.0.1', strictPort: false, open: false },
  });
  const address = server.httpServer.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => server.close(),
  };
}
