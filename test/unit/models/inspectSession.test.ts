import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openInspectSession } from '../../../src/lab/models/inspectSession.ts';
import type { Inspection, InspectSession, TokenBatch } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { graphBatch, graphModel, graphTensors } from '../../support/graphs.ts';
import { diskModel } from '../../support/modelFiles.ts';
import { referenceTensors, storedBatch, type Tensors, tensorOf } from '../../support/reference.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));
// The first session of the file loads the runtime.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Rows of the stored batch that `make_attention.py` keeps. */
const rows = [0, 2];
const adapter = { kind: 'none', description: 'there is none in Node' } as const;

const open = (folder: string, shown?: Parameters<typeof openInspectSession>[1]): Promise<InspectSession> =>
  openInspectSession(
    { files: diskModel(`test/reference/${folder}`), kind: 'ce', dtype: 'fp32', backend: 'wasm', adapter },
    shown,
  );

/** How many tokens of a row are no padding. */
function lengthOf({ attentionMask, tokens }: TokenBatch, row: number): number {
  return attentionMask.subarray(row * tokens, (row + 1) * tokens).reduce((sum, one) => sum + Number(one), 0);
}

describe.each(['cross-encoder', 'deberta'])('%s', (folder) => {
  let session: InspectSession;
  let inspection: Inspection;
  let batch: TokenBatch;
  let inside: Tensors;
  let stored: Tensors;

  beforeAll(async () => {
    stored = referenceTensors(`${folder}/expected.safetensors`);
    inside = referenceTensors(`${folder}/attention.safetensors`);
    batch = storedBatch(stored, rows);
    session = await open(folder);
    inspection = await session.inspect(batch);
    return () => session.dispose();
  });

  test('every token has the state of PyTorch at every layer', () => {
    expect(session.layers).toEqual([0, 1, 2, 3]);
    const { tokens } = batch;
    const [, , size] = tensorOf(inside, 'states.0').shape as [number, number, number];
    expect(inspection.states).toHaveLength(rows.length * 4 * tokens * size);
    for (const layer of session.layers) {
      const expected = tensorOf(inside, `states.${layer}`).data;
      for (let row = 0; row < rows.length; row++) {
        const length = lengthOf(batch, row) * size;
        const from = (row * 4 + layer) * tokens * size;
        const at = row * tokens * size;
        expect(inspection.states.subarray(from, from + length)).toBeAllclose(
          expected.subarray(at, at + length),
          { atol: 1e-4 },
        );
      }
    }
  });

  test('every head attends as in PyTorch at every layer', () => {
    expect(session.attention).toEqual({ given: true, layers: [1, 2, 3] });
    expect(inspection.heads).toBe(4);
    const { tokens } = batch;
    for (const [index, shares] of inspection.attention.entries()) {
      const expected = tensorOf(inside, `attention.${index + 1}`).data;
      expect(shares).toHaveLength(expected.length);
      for (let row = 0; row < rows.length; row++) {
        for (let head = 0; head < inspection.heads; head++) {
          const from = (row * inspection.heads + head) * tokens ** 2;
          const length = lengthOf(batch, row) * tokens;
          expect(shares.subarray(from, from + length)).toBeAllclose(expected.subarray(from, from + length), {
            atol: 1e-4,
          });
        }
      }
    }
  });

  test('the same run gives the logits', () => {
    const expected = rows.map((row) => tensorOf(stored, 'logits').data[row]!);
    expect(inspection.logits).toBeAllclose(expected, { atol: 1e-4 });
  });
});

test('pooled vectors are the weighted sums of the token states, of the layers asked for', async () => {
  const session = await open('cross-encoder', { layers: [1, 3], attention: [2] });
  const batch = storedBatch(referenceTensors('cross-encoder/expected.safetensors'), rows);
  const { pooled, states, attention } = await session.inspect(batch);
  // Alone, as search asks for them.
  expect(await session.pooled(batch)).toEqual(pooled);
  await session.dispose();
  expect(session.layers).toEqual([1, 3]);
  expect(session.attention).toEqual({ given: true, layers: [2] });
  expect(attention).toHaveLength(1);
  const sums = new Float32Array(rows.length * 2 * 48);
  for (let row = 0; row < rows.length; row++) {
    for (let layer = 0; layer < 2; layer++) {
      for (let t = 0; t < batch.tokens; t++) {
        for (let c = 0; c < 48; c++) {
          const state = states[((row * 2 + layer) * batch.tokens + t) * 48 + c]!;
          sums[(row * 2 + layer) * 48 + c]! += batch.poolWeights[row * batch.tokens + t]! * state;
        }
      }
    }
  }
  expect(pooled).toBeAllclose(sums, { atol: 1e-5 });
});

test('of a fused graph the attention is told to be missing, and the rest is given', async () => {
  const session = await openInspectSession({
    files: graphModel('bert', 'bert-O2'),
    kind: 'ce',
    dtype: 'fp32',
    backend: 'wasm',
    adapter,
  });
  const { attention, heads, logits } = await session.inspect(graphBatch('bert'));
  await session.dispose();
  expect(session.attention).toMatchObject({
    given: false,
    why: expect.stringContaining('computes attention in one fused operator') as string,
  });
  expect([attention, heads]).toEqual([[], 0]);
  expect(logits).toBeAllclose(tensorOf(graphTensors('bert'), 'logits').data, { atol: 1e-4 });
});
