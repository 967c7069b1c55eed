import { expect, test, vi } from 'vitest';
import type { CheckMemory } from '../../../src/lab/models/checkMemory.ts';
import { openGraph } from '../../../src/lab/models/openedGraph.ts';
import type { SessionOptions } from '../../../src/lab/models/readModel.ts';
import { openLayerSession, openPlainSession } from '../../../src/lab/models/session.ts';
import type { KernelCheck, ModelFiles, ModelKind } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { diskModel } from '../../support/modelFiles.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

/** What was kept of checks, and how often the runtime was opened for one. */
function setting() {
  const kept = new Map<string, KernelCheck>();
  const checks: CheckMemory<KernelCheck> = {
    read: (key) => Promise.resolve(kept.get(JSON.stringify(key)) ?? null),
    write: (key, check) => Promise.resolve(void kept.set(JSON.stringify(key), check)),
  };
  const opened = vi.fn(openGraph);
  return { kept, opened, ownKernels: { checks, open: opened } };
}

function options(change: Partial<SessionOptions> & { readonly files: ModelFiles }): SessionOptions {
  return {
    kind: 'de',
    dtype: 'fp32',
    backend: 'wasm',
    adapter: { kind: 'none', description: 'there is none in Node' },
    ...change,
  };
}

/** A bundled model, of whose config.json something is said that its graph does not do. */
function saying(kind: ModelKind, change: object): ModelFiles {
  const files = diskModel(`public/models/mini-${kind}`);
  return {
    ...files,
    text: async (path) => {
      const text = await files.text(path);
      return path === 'config.json' ? JSON.stringify({ ...JSON.parse(text), ...change }) : text;
    },
  };
}

test.each<ModelKind>(['ce', 'de'])('the bundled %s runs on the kernels, once they agreed', async (kind) => {
  const { kept, opened, ownKernels } = setting();
  const given = options({ files: diskModel(`public/models/mini-${kind}`), kind, ownKernels });
  const session = await openLayerSession(given, null);
  const [check] = [...kept.values()];
  expect(check).toMatchObject({ agrees: true });
  expect(check!.difference).toBeLessThan(1e-5);
  expect(session.info.why).toMatch(
    /^chosen; by the lab's own encoder, which gives what onnxruntime gives, to \de-\d at every layer$/,
  );
  expect(session.info.unpadded).toBe(true);
  await session.dispose();
  await (await openLayerSession(given, [1])).dispose();
  expect(opened).toHaveBeenCalledTimes(1);
  // The other way to read the same weights is another check.
  expect([...kept.keys()]).toEqual([
    expect.stringContaining(`"adapter":"own kernels, layers of the ${kind}"`),
  ]);
});

test.each([
  [
    { layer_norm_eps: 0.5 },
    /^chosen; by onnxruntime, since the lab's own encoder differs from onnxruntime by \d+ % at layer 0$/,
  ],
  [{ hidden_act: 'gelu_new' }, /differs from onnxruntime by 0\.\d+ % at layer 1$/],
  [{ num_attention_heads: 2 }, /differs from onnxruntime by \d+ % at layer 1$/],
  // The word of a token is sought beyond those that it says.
  [{ model_type: 'roberta' }, /by onnxruntime, since the lab's own encoder/],
])('a model that does otherwise than %j says runs on onnxruntime', async (change, why) => {
  const { opened, ownKernels } = setting();
  const given = options({ files: saying('de', change), ownKernels });
  const session = await openLayerSession(given, [0, 6]);
  expect(session.info.why).toMatch(why);
  expect(session.info.unpadded).toBeUndefined();
  const plain = await openLayerSession({ ...given, ownKernels: undefined }, [0, 6]);
  expect(session.info.parameters).toBe(plain.info.parameters);
  await session.dispose();
  await plain.dispose();
  expect(opened).toHaveBeenCalledTimes(1);
});

test.each([
  { hidden_act: 'relu' },
  { model_type: 'distilbert', n_layers: 6, dim: 128 },
  { position_embedding_type: 'relative_key' },
  { intermediate_size: 256 },
])('a model of %j is not asked for', async (change) => {
  const { kept, ownKernels } = setting();
  const session = await openLayerSession(options({ files: saying('de', change), ownKernels }), [0]);
  expect(session.info.why).toBe('chosen');
  expect(kept.size).toBe(0);
  await session.dispose();
});

test('the bundled CE ranks by the kernels, once their logits agreed', async () => {
  const { kept, opened, ownKernels } = setting();
  const given = options({ files: diskModel('public/models/mini-ce'), kind: 'ce', ownKernels });
  const session = await openPlainSession(given);
  expect(session.info.why).toMatch(
    /^chosen; by the lab's own encoder, which gives what onnxruntime gives, to \de-\d of the largest logit$/,
  );
  await session.dispose();
  await (await openPlainSession(given)).dispose();
  expect(opened).toHaveBeenCalledTimes(1);
  expect([...kept.values()]).toEqual([expect.objectContaining({ agrees: true })]);
});

test('logits that are others are those of onnxruntime', async () => {
  const { ownKernels } = setting();
  const files = saying('ce', { layer_norm_eps: 0.5 });
  const session = await openPlainSession(options({ files, kind: 'ce', ownKernels }));
  expect(session.info.why).toMatch(
    /by onnxruntime, since the lab's own encoder gives other logits than onnxruntime, by \S+ %$/,
  );
  await session.dispose();
});
