import type { EncodedText, LayerSession, RowEncoder, TokenBatch } from '../../src/lab/models/types.ts';

const hiddenSize = 4;

/** One token a character, no specials. */
export const characterEncoder: RowEncoder = {
  key: 'characters',
  padTokenId: 0,
  encode(text): EncodedText {
    const inputIds = Int32Array.from(text, (letter) => letter.charCodeAt(0));
    return {
      inputIds,
      tokenTypeIds: new Uint8Array(inputIds.length),
      pool: new Uint8Array(inputIds.length).fill(1),
      spans: [[0, inputIds.length]],
    };
  },
};

/** What {@link fakeSession} makes of a text at a layer: values that only this text and layer have. */
export function fakeVector(text: string, layer: number): number[] {
  const mean = [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) / text.length;
  return [mean, text.length, layer, text.charCodeAt(0)];
}

/** A model whose vectors can be told from the texts; counts what it was given. */
export function fakeSession(layers: readonly number[]): LayerSession & { readonly batches: TokenBatch[] } {
  const batches: TokenBatch[] = [];
  return {
    batches,
    layers,
    info: {
      source: 'test:fake',
      sha256: '0'.repeat(64),
      file: 'model.onnx',
      kind: 'de',
      architecture: 'Fake',
      layers: 2,
      hiddenSize,
      maxTokens: 64,
      padTokenId: 0,
      labels: null,
      bytes: 1000,
      parameters: 10,
      backend: 'wasm',
      why: 'a test',
      threads: 1,
    },
    pooled(batch) {
      batches.push(batch);
      const out = new Float32Array(batch.rows * layers.length * hiddenSize);
      for (let row = 0; row < batch.rows; row++) {
        const ids = [...batch.inputIds.subarray(row * batch.tokens, (row + 1) * batch.tokens)].map(Number);
        const text = String.fromCharCode(...ids.filter((id) => id > 0));
        for (const [index, layer] of layers.entries())
          out.set(fakeVector(text, layer), (row * layers.length + index) * hiddenSize);
      }
      return Promise.resolve(out);
    },
    dispose: () => Promise.resolve(),
  };
}
