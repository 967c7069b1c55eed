export interface AttentionInput {
  readonly heads: number;
  readonly size: number;
  /** First token and length of each text. */
  readonly spans: readonly (readonly [first: number, length: number])[];
  /** [tokens, 3 heads size] */
  readonly qkv: Float64Array;
  /** Dropout's factor of a probability; the key is counted within its text. */
  readonly factor: (head: number, queryToken: number, key: number) => number;
}

/** Probabilities of one query token over its text, before dropout. */
function probabilities(
  { heads, size, qkv }: AttentionInput,
  head: number,
  query: number,
  span: readonly [number, number],
): Float64Array {
  const [first, length] = span;
  const width = 3 * heads * size;
  const scores = new Float64Array(length);
  for (let key = 0; key < length; key++) {
    let dot = 0;
    for (let i = 0; i < size; i++) {
      dot += qkv[query * width + head * size + i]! * qkv[(first + key) * width + (heads + head) * size + i]!;
    }
    scores[key] = dot / Math.sqrt(size);
  }
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** [tokens, heads size] */
export function attention(input: AttentionInput): Float64Array {
  const { heads, size, spans, qkv, factor } = input;
  const hidden = heads * size;
  const out = new Float64Array(qkv.length / 3);
  for (const span of spans) {
    for (let query = span[0]; query < span[0] + span[1]; query++) {
      for (let head = 0; head < heads; head++) {
        for (const [key, p] of probabilities(input, head, query, span).entries()) {
          for (let i = 0; i < size; i++) {
            const at = query * hidden + head * size + i;
            const value = qkv[(span[0] + key) * 3 * hidden + (2 * heads + head) * size + i]!;
            out[at] = out[at]! + p * factor(head, query, key) * value;
          }
        }
      }
    }
  }
  return out;
}

/** Gradient at `qkv`. */
export function attentionGradient(input: AttentionInput, dOut: Float64Array): Float64Array {
  const { heads, size, spans, qkv, factor } = input;
  const hidden = heads * size;
  const width = 3 * hidden;
  const dQkv = new Float64Array(qkv.length);
  const add = (at: number, value: number): void => {
    dQkv[at] = dQkv[at]! + value;
  };
  for (const span of spans) {
    for (let query = span[0]; query < span[0] + span[1]; query++) {
      for (let head = 0; head < heads; head++) {
        const p = probabilities(input, head, query, span);
        const column = head * size;
        const dP = p.map((probability, key) => {
          const mask = factor(head, query, key);
          let dot = 0;
          for (let i = 0; i < size; i++) {
            const d = dOut[query * hidden + column + i]!;
            const valueAt = (span[0] + key) * width + 2 * hidden + column + i;
            dot += d * qkv[valueAt]!;
            add(valueAt, probability * mask * d);
          }
          return dot * mask;
        });
        const mean = p.reduce((sum, probability, key) => sum + probability * dP[key]!, 0);
        for (const [key, probability] of p.entries()) {
          const dS = (probability * (dP[key]! - mean)) / Math.sqrt(size);
          for (let i = 0; i < size; i++) {
            const queryAt = query * width + column + i;
            const keyAt = (span[0] + key) * width + hidden + column + i;
            add(queryAt, dS * qkv[keyAt]!);
            add(keyAt, dS * qkv[queryAt]!);
          }
        }
      }
    }
  }
  return dQkv;
}
