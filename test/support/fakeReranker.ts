import type { OpenedReranker } from '../../src/lab/compare/rerank.ts';
import { characterEncoder, fakeSession } from './fakeModel.ts';

/** Scores a pair by how much the two texts differ in length, and counts the pairs it was given. */
export function fakeReranker(): OpenedReranker & { readonly seen: () => number } {
  let seen = 0;
  return {
    seen: () => seen,
    tokenizerHash: 'x',
    session: {
      info: fakeSession([0]).info,
      outputs: ['logits'],
      run(batch) {
        seen += batch.rows;
        const data = new Float32Array(batch.rows);
        for (let row = 0; row < batch.rows; row++) {
          const ids = batch.inputIds.subarray(row * batch.tokens, (row + 1) * batch.tokens);
          data[row] = -Number(ids.reduce((sum, id) => sum + id, 0n) % 97n);
        }
        return Promise.resolve({ logits: { data, dims: [batch.rows, 1] } });
      },
      dispose: () => Promise.resolve(),
    },
    encoder: {
      key: 'pair',
      padTokenId: 0,
      content: (text) => [...characterEncoder.encode(text).inputIds],
      join: (first, second) => ({
        inputIds: Int32Array.from([...first, ...second]),
        tokenTypeIds: new Uint8Array(first.length + second.length),
        pool: new Uint8Array(first.length + second.length).fill(1),
        spans: [
          [0, first.length],
          [first.length, first.length + second.length],
        ],
      }),
    },
  };
}
