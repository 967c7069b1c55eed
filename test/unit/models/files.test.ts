import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModelFiles } from '../../../src/lab/models/files.ts';
import { readTokenizer } from '../../../src/lab/models/tokenise.ts';

const served: Record<string, string> = {
  '/__local/models/my model #1/config.json': '{}',
  '/__local/models/my model #1/onnx/100% model.onnx': 'graph',
};
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const content = served[decodeURIComponent(request.url ?? '')];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const open = (source: string) => openModelFiles(source, { base, hub: '', folders: new Map() });

test('folders and files are found whose names mean something in an address', async () => {
  const files = await open('local:my model #1');
  expect(await files.has('onnx/100% model.onnx')).toBe(true);
  expect(await files.text('config.json')).toBe('{}');
  expect(new TextDecoder().decode(await files.bytes('onnx/100% model.onnx'))).toBe('graph');
});

test('a file that is missing is named as in the spec, and no server of this machine is', async () => {
  const files = await open('local:my model #1');
  await expect(readTokenizer(files)).rejects.toThrow('local:my model #1: has no tokenizer.json; save');
  await expect(files.text('modules.json')).rejects.toThrow(
    /^local:my model #1\/modules\.json is not there; check the name\.$/,
  );
  const other = await open('local:other');
  await expect(other.text('config.json')).rejects.toThrow(
    /^local:other\/config\.json is not there; check the name\.$/,
  );
});
