import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticHost {
  readonly base: string;
  /** Files that are answered with another text: a later version of the page. */
  readonly changed: Map<string, string>;
  readonly close: () => void;
}

/** A host as GitHub Pages is one: files below a path, and no headers of isolation. */
export async function staticHost(): Promise<StaticHost> {
  const changed = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname.replace(/^\/lab\//, '/');
    const name = path === '/' ? 'index.html' : path.slice(1);
    const file = join(dist, name);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    const other = changed.get(name);
    if (other === undefined) createReadStream(file).pipe(response);
    else response.end(other);
  });
  return { base: `http://127.0.0.1:${await listen(server)}/lab/`, changed, close: () => close(server) };
}

/** The text of a file of the built page. */
export function builtText(name: string): string {
  return readFileSync(join(dist, name), 'utf8');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}
