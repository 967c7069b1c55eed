import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readEmbeddedPair, writeEmbeddedPair } from '../../../src/lab/explore/embeddedPair.ts';
import { openPair } from '../../../src/lab/explore/openPair.ts';
import { type SeenAttention, type SeenPair, seePair } from '../../../src/lab/explore/seenPair.ts';
import { attentionGrids, similarityGrid } from '../../../src/lab/explore/tokenGrid.ts';
import { type WordEffects, wordEffects } from '../../../src/lab/explore/wordEffects.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import '../../support/allclose.ts';
import { diskSource } from '../../support/diskSource.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const { signal } = new AbortController();
const layer = 2;

describe('a pair’s figures in an address', () => {
  let seen: SeenPair;
  let effects: WordEffects;

  beforeAll(async () => {
    const models = await openPair(defaultSpec(), diskSource, { signal });
    seen = await seePair(models, 'a tool that compresses files', 'gzip shrinks “files” by Lempel–Ziv 線.');
    effects = await wordEffects(models, seen.texts, 'query', { signal });
    await models.dispose();
  });

  const given = (head: number | null) => ({ seen, effects, layer, head, joined: true });

  it('come out as they went in: curves, words, and similarities of the layer, to the digits that are drawn', () => {
    const letters = writeEmbeddedPair(given(null), null);
    expect(letters).toMatch(/^[\w-]+$/);
    const read = readEmbeddedPair(letters);
    expect(read).toMatchObject({ layer, head: null, joined: true });
    expect(read.seen).toMatchObject({ texts: seen.texts, models: seen.models, notes: seen.notes });
    for (const kind of ['ce', 'de'] as const) {
      const curve = ({ apart }: SeenPair) =>
        apart[kind].layers.map((one) => [one.layer, one.cosine, one.maxSim.score]);
      expect(curve(read.seen)).toEqual(curve(seen));
      const grid = ({ apart }: SeenPair, joined: boolean) =>
        similarityGrid(apart[kind], apart[kind].layers[layer]!, joined);
      for (const joined of [true, false]) {
        const [was, is] = [grid(seen, joined), grid(read.seen, joined)];
        expect([is.rows, is.columns, is.best, is.score]).toEqual([
          was.rows,
          was.columns,
          was.best,
          was.score,
        ]);
        expect(is.values).toBeAllclose(was.values, { atol: 1e-5 });
        expect(is.parts).toBeAllclose(was.parts, { atol: 1e-4 });
      }
    }
    expect(read.effects).toEqual({
      ...effects,
      effects: effects.effects.map((effect) => ({ ...effect, at: 0 })),
    });
  });

  it.each([null, 1])(
    'give the attention of head %s both ways, and how much crosses in every head',
    (head) => {
      const read = readEmbeddedPair(writeEmbeddedPair(given(head), 'attention')).seen;
      const of = ({ across }: SeenPair) => {
        const attention = across.attention as SeenAttention;
        return {
          attention,
          grids: attentionGrids(across, attention, attention.layers[layer - 1]!, head, false),
        };
      };
      const [was, is] = [of(seen), of(read)];
      expect(is.attention.layers.map(({ flows }) => flows)).toEqual(
        was.attention.layers.map(({ flows }) => flows),
      );
      for (const way of ['toDocument', 'toQuery'] as const) {
        expect(is.grids[way].rows).toEqual(was.grids[way].rows);
        expect(is.grids[way].columns).toEqual(was.grids[way].columns);
        expect(is.grids[way].values).toBeAllclose(was.grids[way].values, { atol: 1e-5 });
      }
      expect(read.across.logit).toBe(seen.across.logit);
    },
  );

  it('leave behind what another picture draws', () => {
    const curves = writeEmbeddedPair(given(null), 'curves');
    expect(curves.length).toBeLessThan(writeEmbeddedPair(given(null), 'tokens').length);
    expect(readEmbeddedPair(curves).effects).toBeNull();
    expect(curves.length).toBeLessThan(1500);
  });

  it('say why there is no attention, where there is none', () => {
    const without = { ...seen, across: { ...seen.across, attention: { why: 'it is fused' } } };
    const read = readEmbeddedPair(writeEmbeddedPair({ ...given(null), seen: without }, 'attention'));
    expect(read.seen.across.attention).toEqual({ why: 'it is fused' });
  });

  it('are refused when the address was cut', () => {
    const letters = writeEmbeddedPair(given(null), 'tokens');
    expect(() => readEmbeddedPair(letters.slice(0, -8))).toThrow('copy the snippet again');
  });
});
