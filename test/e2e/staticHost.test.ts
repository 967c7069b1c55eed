import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { labBrowser, linkTo, run } from './support/page.ts';

const lab = labBrowser();
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname.replace(/^\/lab\//, '/');
    const file = join(dist, path === '/' ? 'index.html' : path);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  base = `http://127.0.0.1:${address.port}/lab/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('on a host that sends no isolation headers, below a path, threads work all the same', async () => {
  const { page, faults } = await lab.open(linkTo(), { base });
  await expect.poll(() => page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByText(/WebAssembly with [2-9]\d* threads/).waitFor();
  await run(page);
  expect(faults).toEqual([]);
});
