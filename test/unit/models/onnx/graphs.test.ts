import { describe, expect, test, vi } from 'vitest';
import { openInspectSession } from '../../../../src/lab/models/inspectSession.ts';
import { openLayerSession, openPlainSession } from '../../../../src/lab/models/session.ts';
import type { Inspection, TokenBatch } from '../../../../src/lab/models/types.ts';
import '../../../support/allclose.ts';
import { graphBatch, graphModel, graphTensors, layerOf, unpadded } from '../../../support/graphs.ts';
import { checkedKernels as ownKernels } from '../../../support/ownKernels.ts';
import { tensorOf } from '../../../support/reference.ts';

vi.mock('../../../../src/lab/models/runtime.ts', () => import('../../../support/nodeRuntime.ts'));
// The first test of the file loads the runtime.
vi.setConfig({ testTimeout: 60_000 });

const options = (family: string, form = family) =>
  ({
    files: graphModel(family, form),
    kind: 'de',
    dtype: 'fp32',
    backend: 'wasm',
    adapter: { kind: 'none', description: 'there is none in Node' },
  }) as const;

async function inspect(family: string, form: string, batch: TokenBatch): Promise<Inspection> {
  const session = await openInspectSession(options(family, form));
  const inspection = await session.inspect(batch);
  await session.dispose();
  return inspection;
}

const families = [
  'bert',
  'roberta',
  'xlm-roberta',
  'camembert',
  'mpnet',
  'electra',
  'albert',
  'distilbert',
  'deberta-v1',
  'deberta-v2',
  'deberta-v3',
  'modernbert',
  'nomic',
  'gte',
  'jina',
  'rms',
];

/** Layers of the families' models, the embedding layer's output included. */
const statesOf = (family: string): number => (family === 'albert' || family === 'modernbert' ? 4 : 3);

describe.each(families)('%s', (family) => {
  const tensors = graphTensors(family);
  const batch = graphBatch(family);
  const count = statesOf(family);

  test('states, attention and logits are those of PyTorch', async () => {
    const { states, attention, heads, logits } = await inspect(family, family, batch);
    for (let layer = 0; layer < count; layer++) {
      expect(unpadded(layerOf(states, layer, count, batch), batch)).toBeAllclose(
        unpadded(tensorOf(tensors, `states.${layer}`).data, batch),
        { atol: 1e-4 },
      );
    }
    expect(attention).toHaveLength(count - 1);
    expect(heads).toBe(4);
    for (const [index, shares] of attention.entries()) {
      const expected = tensorOf(tensors, `attention.${index + 1}`).data;
      // The first row has no padding.
      const row = heads * batch.tokens ** 2;
      expect(shares.subarray(0, row)).toBeAllclose(expected.subarray(0, row), { atol: 1e-4 });
    }
    const expected = tensors.get('logits');
    if (expected) expect(logits).toBeAllclose(expected.data, { atol: 1e-4 });
    else expect(logits).toBeNull();
  });

  test.each([null, [0, 1]])('layers %j are pooled in one run', async (layers) => {
    const session = await openLayerSession(options(family), layers);
    const pooled = await session.pooled(batch);
    await session.dispose();
    for (const [index, layer] of session.layers.entries()) {
      const states = tensorOf(tensors, `states.${layer}`).data;
      expect(layerOf(pooled, index, session.layers.length, batch)).toBeAllclose(meanOf(states, batch), {
        atol: 1e-4,
      });
    }
  });
});

// Whose graphs are BERT's with float32 weights, whatever their export, run on the lab's own kernels; others do not.
test.each([
  ['bert', '', true],
  ['roberta', '', true],
  ['xlm-roberta', '', true],
  ['camembert', '', true],
  ['mpnet', '', false],
  ['electra', '', false],
  ['albert', '', false],
  ['distilbert', '', false],
  ['modernbert', '', false],
  ['nomic', '', false],
  ['bert', '-opset11', true],
  ['bert', '-unfolded', true],
  ['bert', '-dynamo', true],
  ['bert', '-dynamo23', true],
  ['bert', '-external', true],
  ['bert', '-several', true],
  ['bert', '-functions', true],
  ['bert', '-slim', true],
  ['bert', '-int32', true],
  ['bert', '-sentence', true],
  ['bert', '-fixed', true],
  ['bert', '-O1', true],
  ['bert', '-O2', false],
  ['bert', '-fp16', false],
  ['bert', '-int8', false],
  ['bert', '-q4', false],
  ['bert', '-bnb4', false],
])('%s%s by the lab’s own kernels: %s', async (family, form, own) => {
  const batch = graphBatch(family);
  const session = await openLayerSession({ ...options(family, family + form), ownKernels }, null);
  expect(session.info.unpadded ?? false).toBe(own);
  if (own) {
    const pooled = await session.pooled(batch);
    for (const layer of session.layers) {
      const states = tensorOf(graphTensors(family), `states.${layer}`).data;
      expect(layerOf(pooled, layer, session.layers.length, batch)).toBeAllclose(meanOf(states, batch), {
        atol: 1e-4,
      });
    }
  }
  await session.dispose();
});

test.each([
  ['bert', '', true],
  ['roberta', '', true],
  ['xlm-roberta', '', true],
  ['bert', '-dynamo', true],
  ['bert', '-external', true],
  ['bert', '-O1', true],
  ['bert', '-O2', false],
  ['bert', '-fp16', false],
])('the logits of %s%s by the lab’s own kernels: %s', async (family, form, own) => {
  const tensors = graphTensors(family);
  const expected = tensors.get('logits');
  expect(expected).toBeDefined();
  const session = await openPlainSession({ ...options(family, family + form), kind: 'ce', ownKernels });
  expect(session.info.unpadded ?? false).toBe(own);
  const { logits } = await session.run(graphBatch(family));
  expect(logits!.dims).toEqual(expected!.shape);
  expect(logits!.data).toBeAllclose(expected!.data, { atol: form === '-fp16' ? 0.02 : 1e-4 });
  await session.dispose();
});

/** Each row's mean over the tokens that are no padding. */
function meanOf(states: Float32Array, { rows, tokens, poolWeights }: TokenBatch): Float32Array {
  const size = states.length / rows / tokens;
  const means = new Float32Array(rows * size);
  for (const [token, weight] of poolWeights.entries()) {
    const row = Math.floor(token / tokens);
    for (let c = 0; c < size; c++) means[row * size + c]! += weight * states[token * size + c]!;
  }
  return means;
}

test.each([
  ['bert', 'opset11', 1e-4, true],
  ['bert', 'unfolded', 1e-4, true],
  ['bert', 'dynamo', 1e-4, true],
  ['bert', 'dynamo-unfolded', 1e-4, true],
  ['bert', 'dynamo23', 1e-4, false],
  ['bert', 'external', 1e-4, true],
  ['bert', 'several', 1e-4, true],
  ['bert', 'functions', 1e-4, true],
  ['bert', 'slim', 1e-4, true],
  ['bert', 'int32', 1e-4, true],
  ['bert', 'sentence', 1e-4, true],
  ['modernbert', 'dynamo', 1e-4, true],
  ['albert', 'dynamo', 1e-4, true],
  ['bert', 'O1', 1e-4, true],
  ['bert', 'O2', 1e-4, false],
  // FastGelu is an approximation of GELU by tanh.
  ['bert', 'O3', 1e-3, false],
  ['bert', 'O4', 0.02, false],
  ['bert', 'extended', 1e-4, true],
  ['roberta', 'mha', 1e-4, false],
  ['mpnet', 'O2', 1e-4, true],
  ['distilbert', 'O2', 1e-4, true],
  ['modernbert', 'O2', 1e-4, true],
  ['nomic', 'O2', 1e-4, true],
  ['rms', 'O2', 1e-4, true],
  ['bert', 'fp16', 0.02, true],
  ['modernbert', 'fp16', 0.02, true],
])('%s as %s gives every layer within %d of PyTorch; attention: %s', async (family, form, atol, given) => {
  const batch = graphBatch(family);
  const { states, attention } = await inspect(family, `${family}-${form}`, batch);
  const count = statesOf(family);
  for (let layer = 0; layer < count; layer++) {
    const expected = tensorOf(graphTensors(family), `states.${layer}`).data;
    expect(unpadded(layerOf(states, layer, count, batch), batch)).toBeAllclose(unpadded(expected, batch), {
      atol,
    });
  }
  expect(attention).toHaveLength(given ? count - 1 : 0);
});

// That the tensors found are the states is told by their names in layers.test.ts.
test.each([
  ['bert', 'int8'],
  ['bert', 'uint8'],
  ['modernbert', 'int8'],
  ['bert', 'qdq'],
  ['bert', 'q4'],
  ['bert', 'q4f16'],
  ['bert', 'bnb4'],
])(
  '%s in %s gives the logits of the plain runtime, and states that follow the float ones',
  async (family, form) => {
    const batch = graphBatch(family);
    const { states, logits } = await inspect(family, `${family}-${form}`, batch);
    const plain = await openPlainSession(options(family, `${family}-${form}`));
    const { logits: expected } = await plain.run(batch);
    await plain.dispose();
    expect(logits).toBeAllclose(expected!.data, { atol: 1e-5 });
    const count = statesOf(family);
    const float = Array.from({ length: count }, (_, layer) =>
      unpadded(tensorOf(graphTensors(family), `states.${layer}`).data, batch),
    );
    for (let layer = 0; layer < count; layer++) {
      const state = unpadded(layerOf(states, layer, count, batch), batch);
      const likeness = float.map((other) => cosine(state, other));
      expect(likeness.indexOf(Math.max(...likeness))).toBe(layer);
      expect(likeness[layer]).toBeGreaterThan(0.95);
    }
  },
);

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, one, i) => sum + one * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('a graph without token_type_ids is one whose types are all 0', async () => {
  const batch = { ...graphBatch('bert'), tokenTypeIds: new BigInt64Array(22) };
  const expected = await inspect('bert', 'bert', batch);
  const { states } = await inspect('bert', 'bert-no-types', graphBatch('bert'));
  expect(states).toBeAllclose(expected.states, { atol: 1e-5 });
  const own = await openLayerSession({ ...options('bert', 'bert-no-types'), ownKernels }, null);
  expect(own.info.unpadded).toBe(true);
  expect(await own.pooled(graphBatch('bert'))).toBeAllclose(expected.pooled, { atol: 1e-5 });
  await own.dispose();
});

describe('a graph fixed to 2 texts of 11 tokens', () => {
  const whole = graphBatch('bert');

  test('says so', async () => {
    const session = await openLayerSession(options('bert', 'bert-fixed'), null);
    await session.dispose();
    expect(session.info.why).toContain('fixed to 2 texts a run and 11 tokens a text');
    expect(session.info.maxTokens).toBe(11);
  });

  test('takes three shorter texts as well', async () => {
    const batch = shorter(whole, [1, 0, 1], 7);
    const expected = await inspect('bert', 'bert', batch);
    const given = await inspect('bert', 'bert-fixed', batch);
    expect(unpadded(layerOf(given.states, 2, 3, batch), batch)).toBeAllclose(
      unpadded(layerOf(expected.states, 2, 3, batch), batch),
      { atol: 1e-5 },
    );
    expect(given.pooled).toBeAllclose(expected.pooled, { atol: 1e-5 });
    expect(given.logits).toBeAllclose(expected.logits!, { atol: 1e-5 });
    expect(given.heads).toBe(4);
    const row = 4 * 7 * 7;
    expect(given.attention[1]?.subarray(row, 2 * row)).toBeAllclose(
      expected.attention[1]!.subarray(row, 2 * row),
      { atol: 1e-5 },
    );
  });

  test('refuses a longer one by name', async () => {
    const session = await openLayerSession(options('bert', 'bert-fixed'), null);
    const long = { ...whole, tokens: 22, rows: 1 };
    await expect(session.pooled(long)).rejects.toThrow(
      'test:bert-fixed/onnx/model.onnx: takes texts of 11 tokens, but one has 22; set maxLength to 11.',
    );
    await session.dispose();
  });
});

/** Some rows' first tokens. */
function shorter(batch: TokenBatch, rows: readonly number[], tokens: number): TokenBatch {
  const pick = (values: BigInt64Array): BigInt64Array<ArrayBuffer> =>
    BigInt64Array.from(
      rows.flatMap((row) => [...values.subarray(row * batch.tokens, row * batch.tokens + tokens)]),
    );
  return {
    rows: rows.length,
    tokens,
    inputIds: pick(batch.inputIds),
    attentionMask: pick(batch.attentionMask),
    tokenTypeIds: pick(batch.tokenTypeIds),
    poolWeights: new Float32Array(rows.length * tokens).fill(1 / tokens),
  };
}
