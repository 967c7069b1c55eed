import { expect, test } from 'vitest';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { embedTexts } from '../../src/lab/embed/embedTexts.ts';
import { padBatch } from '../../src/lab/models/batch.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { openInspectSession } from '../../src/lab/models/inspectSession.ts';
import { modelDevice } from '../../src/lab/models/modelDevice.ts';
import { openLayerSession, openPlainSession } from '../../src/lab/models/session.ts';
import { readTokenizer, singleEncoder } from '../../src/lab/models/tokenise.ts';
import type { Backend, ModelKind, RowEncoder, TokenBatch } from '../../src/lab/models/types.ts';
import '../support/allclose.ts';
import { heardLosses } from '../support/heardLosses.ts';
import { loseAfter } from '../support/lossyDevice.ts';
import { type FreshRandom, freshRandom } from '../support/random.ts';

const files = await openModelFiles('bundled:mini-ce', {
  base: `${location.origin}/`,
  hub: 'https://hub.invalid',
  folders: new Map(),
});
const adapter: AdapterProbe = await probeAdapter(navigator.gpu);
const encoder: RowEncoder = singleEncoder(await readTokenizer(files), { rule: 'all' }, 64, 0);
const options = (backend: Backend) =>
  ({ files, kind: 'ce' satisfies ModelKind, dtype: 'auto', backend, adapter }) as const;

const onDevice = expect.stringMatching(
  /^The GPU was lost \(.+\); the work goes on by itself on a new device/,
);
const onProcessor = expect.stringMatching(
  /^The GPU was lost \(.+\) and is given up; the work goes on by itself on the processor/,
);

const told = heardLosses();

/** Ends the device that models run on: at once, or behind a random submission of what comes next. */
async function lose(random: FreshRandom, when: 'between batches' | 'within a batch'): Promise<void> {
  const session = await modelDevice();
  if (!session) throw new Error('There is no device.');
  if (when === 'between batches') session.device.destroy();
  else loseAfter(session, random.int(1, 3));
}

/** Vectors of 40 texts in batches of a few, by row. */
async function embedded(backend: Backend, atBatch: (batch: number) => Promise<void>) {
  const session = await openLayerSession(options(backend), [0, 3, 6]);
  const width = 3 * session.info.hiddenSize;
  const words = ['fox', 'snow', 'gzip', 'a price of $3', 'winter nights', 'compresses files'];
  const texts = Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: 1 + (i % 7) }, (__, j) => words[(i * 5 + j) % 6]).join(` ${i} `),
  );
  const vectors = new Float32Array(texts.length * width);
  let batches = 0;
  const pooled = async (batch: TokenBatch) => {
    await atBatch(batches++);
    return await session.pooled(batch);
  };
  const blocks = embedTexts(
    texts,
    Int32Array.from(texts, (_, i) => i),
    {
      session: { ...session, pooled },
      encoder,
      store: null,
      batching: { tokens: 100, run: 1000 },
      chunkSize: 16,
      signal: new AbortController().signal,
    },
  );
  for await (const block of blocks) {
    for (const [i, row] of block.rows.entries()) {
      vectors.set(block.vectors.subarray(i * width, (i + 1) * width), row * width);
    }
  }
  const { info } = session;
  await session.dispose();
  return { vectors, batches, info };
}

const plain = await embedded('wasm', () => Promise.resolve());

test.each([
  ['once', 'webgpu', [onDevice]],
  ['twice', 'wasm', [onDevice, onProcessor]],
] as const)(
  'texts are embedded to the end though the device is lost %s',
  async (count, backend, sentences) => {
    const random = freshRandom();
    expect(plain.batches).toBeGreaterThan(6);
    const within = random.int(0, 2);
    const between = count === 'twice' ? random.int(3, plain.batches - 1) : null;
    const { vectors, info, batches } = await embedded('webgpu', async (batch) => {
      if (batch === within) await lose(random, 'within a batch');
      if (batch === between) await lose(random, 'between batches');
    });
    expect(vectors).toBeAllclose(plain.vectors, { atol: 1e-4 });
    expect(batches).toBe(plain.batches);
    expect(told).toEqual(sentences);
    expect(info.backend).toBe(backend);
  },
);

test('a pair is looked into, and reranked, though the device is lost within', async () => {
  const random = freshRandom();
  const texts = ['How do foxes hunt in winter?', 'A fox listens for mice below the snow.'];
  const batch = padBatch(
    texts.map((text) => encoder.encode(text)),
    0,
  );
  const onWasm = {
    inspect: await openInspectSession(options('wasm')),
    plain: await openPlainSession(options('wasm')),
  };
  const onGpu = {
    inspect: await openInspectSession(options('webgpu')),
    plain: await openPlainSession(options('webgpu')),
  };
  await lose(random, 'within a batch');
  const [seen, wanted] = [await onGpu.inspect.inspect(batch), await onWasm.inspect.inspect(batch)];
  expect(seen.pooled).toBeAllclose(wanted.pooled, { atol: 1e-4 });
  expect(seen.logits).toBeAllclose(wanted.logits!, { atol: 1e-4 });
  // The other model was on the same device, which is told once.
  const { logits } = await onGpu.plain.run(batch);
  expect(logits!.data).toBeAllclose((await onWasm.plain.run(batch)).logits!.data, { atol: 1e-4 });
  expect(told).toEqual([onDevice]);
  for (const { inspect, plain: ranker } of [onWasm, onGpu]) {
    await inspect.dispose();
    await ranker.dispose();
  }
});
