import { env, pipeline } from '@huggingface/transformers';
import asyncifyModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { beforeAll, expect, test } from 'vitest';
import { probeAdapter } from '../../../src/gpu/adapter.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { openModelFiles } from '../../../src/lab/models/files.ts';
import { openLayerSession } from '../../../src/lab/models/session.ts';
import { readTokenizer, singleEncoder } from '../../../src/lab/models/tokenise.ts';
import { trainSchema } from '../../../src/lab/spec/spec.ts';
import { initialModel } from '../../../src/lab/training/initialise.ts';
import { type FolderFile, modelFolder } from '../../../src/lab/training/modelFolder.ts';
import '../../support/allclose.ts';

const base = new URL('/', location.href).href;
const texts = ['Quick brown foxes', 'software development kit for the Android platform', 'thermionic'];
const onDisk = { base, hub: '', folders: new Map() };

let folder: readonly FolderFile[];

beforeAll(async () => {
  const ce = await openModelFiles('bundled:mini-ce', onDisk);
  const model = await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 3, ce);
  const train = trainSchema.parse({ name: 'made' });
  folder = await modelFolder(model, ce, train.maxLength, {
    train,
    seed: 3,
    source: ce.source,
    data: [],
    steps: [],
    results: [],
    version: 'test',
  });
});

/** As the lab embeds with a model that was dropped on the page. */
async function byLab(): Promise<Float32Array> {
  const dropped = new Map(folder.map(({ path, bytes }) => [path, new File([bytes], path)]));
  const files = await openModelFiles('folder:made', { ...onDisk, folders: new Map([['made', dropped]]) });
  const adapter = await probeAdapter(navigator.gpu);
  const session = await openLayerSession({ files, kind: 'de', dtype: 'auto', backend: 'wasm', adapter }, [2]);
  const encoder = singleEncoder(await readTokenizer(files), { rule: 'all' }, 64, session.info.padTokenId);
  const pooled = await session.pooled(
    padBatch(
      texts.map((text) => encoder.encode(text)),
      encoder.padTokenId,
    ),
  );
  await session.dispose();
  return pooled;
}

test('transformers.js and the lab load the folder and embed alike', async () => {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.localModelPath = '/made-in-test/';
  env.fetch = (input: string | URL, init?: RequestInit) => {
    const [, path] = String(input).split('/made/');
    if (path === undefined) return fetch(input, init);
    const file = folder.find((one) => one.path === path);
    return Promise.resolve(file ? new Response(file.bytes) : new Response(null, { status: 404 }));
  };
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new Error('transformers.js has no WebAssembly backend here.');
  wasm.wasmPaths = {
    mjs: new URL(asyncifyModule, location.origin).href,
    wasm: new URL(asyncifyBinary, location.origin).href,
  };
  const extractor = await pipeline('feature-extraction', 'made', { dtype: 'fp32', device: 'wasm' });
  const theirs = await extractor(texts, { pooling: 'mean', normalize: false });
  expect(theirs.dims).toEqual([texts.length, 128]);
  expect(await byLab()).toBeAllclose(theirs.data as Float32Array, { atol: 1e-5 });
  await extractor.dispose();
});
