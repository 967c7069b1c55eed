import { matmul } from './matmul';
import { packColumns, packRows, packTransposed } from './pack';
import { softmax } from './softmax';

/** Query tokens whose scores are made at a time, so that those of long texts stay in the cache; a multiple of 6. */
const block = 48;

/**
 * Attention of one text of T tokens: of each head, softmax(Q K^T / sqrt d) V, with d = hidden / heads.
 * @param to (T, hidden)
 * @param qkv (T, 3 hidden): queries, keys, values
 * @param scratch of `attentionScratch(T, d)` bytes
 * @param zeros at least max(T, d) + 8 of them
 */
export function attention(
  to: usize,
  qkv: usize,
  scratch: usize,
  zeros: usize,
  tokens: i32,
  hidden: i32,
  heads: i32,
): void {
  const d = hidden / heads;
  const eights = roundUp(tokens, 8);
  const wide = roundUp(d, 8);
  const keys = scratch;
  const values = keys + ((<usize>eights * d) << 2);
  const queries = values + ((<usize>eights * wide) << 2);
  const scores = queries + ((<usize>block * d) << 2);
  const weights = scores + ((<usize>block * eights) << 2);
  const mixed = weights + ((<usize>block * eights) << 2);
  const row = (<usize>hidden * 3) << 2;
  const scale = <f32>1 / sqrt(<f32>d);
  for (let head = 0; head < heads; head++) {
    const at = qkv + ((<usize>head * d) << 2);
    packTransposed(keys, at + ((<usize>hidden) << 2), 3 * hidden, tokens, d);
    packColumns(values, at + ((<usize>hidden) << 3), 3 * hidden, tokens, d, eights);
    for (let first = 0; first < tokens; first += block) {
      const count = min(block, tokens - first);
      packRows(queries, at + <usize>first * row, 3 * hidden, count, d);
      matmul(scores, eights, queries, keys, zeros, count, eights, d);
      softmax(scores, eights, count, tokens, scale);
      packRows(weights, scores, eights, count, eights);
      matmul(mixed, wide, weights, values, zeros, count, wide, eights);
      for (let token = 0; token < count; token++) {
        const mine = to + ((<usize>(first + token) * hidden + head * d) << 2);
        memory.copy(mine, mixed + ((<usize>token * wide) << 2), (<usize>d) << 2);
      }
    }
  }
}

/** Bytes that `attention` writes beside its result. */
export function attentionScratch(tokens: i32, d: i32): i32 {
  const eights = roundUp(tokens, 8);
  const wide = roundUp(d, 8);
  return (eights * (d + wide) + block * (d + 2 * eights + wide)) << 2;
}

function roundUp(count: i32, to: i32): i32 {
  return ((count + to - 1) / to) * to;
}
