import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type InspectedCrossEncoder,
  inspectApart,
  pairScorer,
  readAcross,
} from '../../../src/lab/explore/inspectPair.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { openInspectSession } from '../../../src/lab/models/inspectSession.ts';
import { openLayerSession, openPlainSession } from '../../../src/lab/models/session.ts';
import { pairEncoder, readTokenizer, selfPairEncoder } from '../../../src/lab/models/tokenise.ts';
import { diskModel } from '../../support/modelFiles.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const files = diskModel('public/models/mini-ce');
const options = {
  files,
  kind: 'ce',
  dtype: 'fp32',
  backend: 'wasm',
  adapter: { kind: 'none', description: 'there is none in Node' },
} as const;
const query = 'a tool that compresses files';
const document = 'gzip compresses files by the algorithm of Lempel and Ziv, and restores them.';

describe('the bundled cross encoder on a pair', () => {
  let model: InspectedCrossEncoder;

  beforeAll(async () => {
    const tokenizer = await readTokenizer(files);
    model = {
      session: await openInspectSession(options),
      encoder: selfPairEncoder(tokenizer, { segments: 'both', cls: false }, 256, 0),
      pairs: pairEncoder(tokenizer, 256, 0),
      tokens: (ids) => [...ids].map((id) => tokenizer.id_to_token(id) ?? ''),
    };
  });
  afterAll(() => model.session.dispose());

  it('has the cosines of the vectors that layer-wise curves are drawn from', async () => {
    const { layers } = await inspectApart(model, query, document);
    const session = await openLayerSession(options, null);
    const size = session.info.hiddenSize;
    const vectors = await Promise.all(
      [query, document].map((text) => session.pooled(padBatch([model.encoder.encode(text)], 0))),
    );
    for (const { layer, cosine } of layers) {
      const [a, b] = vectors.map((all) => all.subarray(layer * size, (layer + 1) * size));
      const dot = (x: Float32Array, y: Float32Array): number =>
        x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      expect(cosine).toBeCloseTo(dot(a!, b!) / Math.sqrt(dot(a!, a!) * dot(b!, b!)), 4);
    }
    await session.dispose();
  });

  it('has a MaxSim whose parts add up, of each text alone', async () => {
    const { layers, query: read } = await inspectApart(model, query, document);
    for (const { maxSim } of layers) {
      expect(maxSim.parts).toHaveLength(read.tokens.length);
      expect(Math.abs(maxSim.parts.reduce((sum, part) => sum + part, 0) - maxSim.score)).toBeLessThan(1e-5);
    }
    const same = await inspectApart(model, query, query);
    for (const { cosine, maxSim } of same.layers) {
      expect(cosine).toBeCloseTo(1, 5);
      expect(maxSim.score).toBeCloseTo(read.tokens.length, 4);
    }
  });

  it('has the logit that the plain model gives', async () => {
    const { logits } = await readAcross(model, query, document);
    const plain = await openPlainSession(options);
    const batch = padBatch([model.pairs.join(model.pairs.content(query), model.pairs.content(document))], 0);
    const { logits: expected } = await plain.run(batch);
    expect(logits).toHaveLength(1);
    expect(logits[0]).toBeCloseTo(expected!.data[0]!, 4);
    await plain.dispose();
  });

  it('attends from every token with shares that sum to 1, the texts at their places', async () => {
    const { attention, query: read } = await readAcross(model, query, document);
    if (!('values' in attention)) throw new Error(attention.why);
    expect(attention.query).toHaveLength(read.tokens.length);
    expect(attention.query[0]).toBe(1);
    expect(attention.document[0]).toBe(attention.query.length + 2);
    const { tokens, heads, values } = attention;
    expect(values).toHaveLength(6);
    for (const layer of values) {
      for (let row = 0; row < heads * tokens; row++) {
        expect(
          layer.subarray(row * tokens, (row + 1) * tokens).reduce((sum, share) => sum + share, 0),
        ).toBeCloseTo(1, 4);
      }
    }
  });

  it('reads a text without tokens, and one far too long', async () => {
    const empty = await inspectApart(model, '', document);
    expect(empty.query.tokens).toEqual([]);
    expect(empty.layers.every(({ maxSim }) => maxSim.score === 0)).toBe(true);
    const long = await readAcross(model, query, `${document} `.repeat(200));
    expect(long.query.tokens.length + long.document.tokens.length).toBe(253);
  });

  it('scores pairs one after the other as it shows them', async () => {
    const score = pairScorer({ ce: model, de: model });
    await score({ query, document: query });
    const scored = await score({ query, document });
    const { layers } = await inspectApart(model, query, document);
    expect(scored.cosines.ce).toEqual(layers.map(({ cosine }) => cosine));
    expect(scored.logits).toEqual((await readAcross(model, query, document)).logits);
  });
});
