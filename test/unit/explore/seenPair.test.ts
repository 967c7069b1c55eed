import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { openModel } from '../../../src/lab/embed/openModel.ts';
import { readAcross } from '../../../src/lab/explore/inspectPair.ts';
import { type OpenedPair, openPair } from '../../../src/lab/explore/openPair.ts';
import { pairDocument } from '../../../src/lab/explore/pairDocument.ts';
import { type SeenPair, seePair } from '../../../src/lab/explore/seenPair.ts';
import { wordEffects } from '../../../src/lab/explore/wordEffects.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { openInspectSession } from '../../../src/lab/models/inspectSession.ts';
import { SharedSessions } from '../../../src/lab/models/sharedSessions.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import '../../support/allclose.ts';
import { diskSource } from '../../support/diskSource.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const query = 'a tool that compresses files';
const document = 'gzip compresses files by the algorithm of Lempel and Ziv, and restores them.';
const { signal } = new AbortController();

describe('the bundled pair of models on a pair of texts', () => {
  let models: OpenedPair;
  let seen: SeenPair;

  beforeAll(async () => {
    models = await openPair(defaultSpec(), diskSource, { signal });
    seen = await seePair(models, query, document);
    return () => models.dispose();
  });

  it('gives the attention between the texts that the whole matrix holds', async () => {
    const { attention } = await readAcross(models.ce, query, document);
    const cut = seen.across.attention;
    if ('why' in attention || 'why' in cut) throw new Error('no attention');
    const [tq, td] = [attention.query.length, attention.document.length];
    for (const [index, { layer, toDocument, toQuery, flows }] of cut.layers.entries()) {
      expect(layer).toBe(index + 1);
      const at = (head: number, from: number, to: number): number =>
        attention.values[index]![(head * attention.tokens + from) * attention.tokens + to]!;
      const [head, q, d] = [attention.heads - 1, tq - 1, 3];
      expect(toDocument[(head * tq + q) * td + d]).toBe(
        at(head, attention.query[q]!, attention.document[d]!),
      );
      expect(toQuery[(head * td + d) * tq + q]).toBe(at(head, attention.document[d]!, attention.query[q]!));
      expect(flows).toHaveLength(attention.heads);
    }
  });

  it('has the figures that transformers has of it', async () => {
    const expected = JSON.parse(
      readFileSync(new URL('../../reference/explore/pair.json', import.meta.url), 'utf8'),
    ) as Pick<ReturnType<typeof pairDocument>, 'logit'> & {
      readonly query: string;
      readonly document: string;
      readonly attention: Readonly<Record<'queryToDocument' | 'documentToQuery', number[][]>>;
    } & Readonly<Record<'ce' | 'de', readonly { readonly cosine: number; readonly maxSim: number }[]>>;
    const found = pairDocument(await seePair(models, expected.query, expected.document), 1);
    expect([found.logit!]).toBeAllclose([expected.logit!], { atol: 1e-4 });
    for (const kind of ['ce', 'de'] as const) {
      for (const measure of ['cosine', 'maxSim'] as const) {
        expect(found.layers.map((layer) => layer[kind]![measure])).toBeAllclose(
          expected[kind].map((layer) => layer[measure]),
          { atol: 1e-4 },
        );
      }
    }
    for (const way of ['queryToDocument', 'documentToQuery'] as const) {
      expect(found.detail!.attention![way].flat()).toBeAllclose(expected.attention[way].flat(), {
        atol: 1e-4,
      });
    }
  });

  it('changes by leaving a word out as the pair without it differs', async () => {
    const { effects, left } = await wordEffects(models, seen.texts, 'query', { signal });
    expect(effects.map(({ word }) => word)).toEqual(['a', 'tool', 'that', 'compresses', 'files']);
    expect(left).toBe(0);
    const without = await seePair(models, 'a tool that files', document);
    expect(effects[3]!.logit).toBeCloseTo(without.across.logit! - seen.across.logit!, 6);
    for (const kind of ['ce', 'de'] as const) {
      for (const [layer, change] of effects[3]!.cosines[kind].entries()) {
        const difference = without.apart[kind].layers[layer]!.cosine - seen.apart[kind].layers[layer]!.cosine;
        expect(change).toBeCloseTo(difference, 6);
      }
    }
  });

  it('stops leaving words out when it is told to', async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    await expect(
      wordEffects(models, seen.texts, 'document', { signal: stop.signal, onProgress }),
    ).rejects.toThrow('Cancelled');
  });

  it('is one JSON document with the names that scripts depend on', () => {
    const made = JSON.parse(JSON.stringify(pairDocument(seen, 2))) as ReturnType<typeof pairDocument>;
    expect(made.query.tokens).toEqual(seen.apart.ce.query.tokens);
    expect(made.logit).toBeCloseTo(seen.across.logit!, 6);
    expect(made.layers.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(made.layers[2]!.de!.maxSim).toBeCloseTo(seen.apart.de.layers[2]!.maxSim.score, 6);
    for (const { ce, de } of [made.detail!]) {
      for (const [model, found] of [
        [ce!, made.layers[2]!.ce!],
        [de!, made.layers[2]!.de!],
      ] as const) {
        expect(Math.abs(model.parts.reduce((sum, part) => sum + part, 0) - found.maxSim)).toBeLessThan(1e-5);
        expect(model.parts).toEqual(model.similarity.map((row) => Math.max(...row)));
      }
    }
    const shares = made.heads!.map(
      ({ queryToDocument, documentToQuery }) => queryToDocument + documentToQuery,
    );
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    const { queryToDocument } = made.detail!.attention!;
    const mean = queryToDocument.flat().reduce((sum, share) => sum + share, 0) / queryToDocument.length;
    const ofLayer = made.heads!.filter(({ layer }) => layer === 2);
    expect(mean).toBeCloseTo(
      ofLayer.reduce((sum, head) => sum + head.queryToDocument, 0) / ofLayer.length,
      5,
    );
  });

  it.each([
    ['an empty query', '', document, 'leaves nothing of the query'],
    ['a document without a known token', query, '🙂🙂', 'knows no token of the document'],
    ['200 lines', query, `${document}\n`.repeat(200), 'the rest is cut off'],
    [
      '200 lines in the real pair',
      query,
      `${document}\n`.repeat(200),
      'In the real pair the CE reads the first',
    ],
  ])('says what is to be known of %s', async (_, first, second, words) => {
    const { notes, apart } = await seePair(models, first, second);
    expect(notes.join(' ')).toContain(words);
    expect(apart.ce.layers.every(({ cosine }) => Number.isFinite(cosine))).toBe(true);
  });

  it('has nothing to say of plain texts', () => {
    expect(seen.notes).toEqual([]);
  });
});

describe('other models', () => {
  const open = async (ce: string, de = 'bundled:mini-de'): Promise<OpenedPair> => {
    const spec = defaultSpec();
    const models = { ce: { ...spec.models.ce, source: ce }, de: { ...spec.models.de, source: de } };
    const opened = await openPair({ ...spec, models }, diskSource, { signal });
    afterAll(() => opened.dispose());
    return opened;
  };

  it('a CE without a head gives no logit, and says so', async () => {
    const { across, notes } = await seePair(await open('bundled:mini-de'), query, document);
    expect(across.logit).toBeNull();
    expect(notes.join(' ')).toContain('has no head in its graph');
  });

  it('a prompt that a CE puts before its first text is read in the pair', async () => {
    const models = await open('bundled:mini-ce');
    const prompted = { ...models, ce: { ...models.ce, pairs: { ...models.ce.pairs, prompt: 'query: ' } } };
    const with_ = await seePair(prompted, query, document);
    const typed = await seePair(models, `query: ${query}`, document);
    expect(with_.across.logit).toBe(typed.across.logit);
  });
});

test('search and the pair inspector hold one session of each model, which gives search its vectors', async () => {
  const opened: string[] = [];
  const sessions = new SharedSessions((options) => {
    opened.push(options.kind);
    return openInspectSession(options);
  });
  const sharing = { ...diskSource, sessions };
  const all = { layers: null, signal } as const;
  const searched = await openModel('ce', defaultSpec(), sharing, all);
  const pair = await openPair(defaultSpec(), sharing, { signal });
  expect(opened).toEqual(['ce', 'de']);
  const plain = await openModel('ce', defaultSpec(), diskSource, all);
  const batch = padBatch(
    [query, document].map((text) => plain.encoder.encode(text)),
    0,
  );
  expect(await searched.session.pooled(batch)).toBeAllclose(await plain.session.pooled(batch), {
    atol: 1e-5,
  });
  await searched.session.dispose();
  // What search gave back is still open for the pair.
  expect((await seePair(pair, query, document)).across.logit).not.toBeNull();
  await Promise.all([pair.dispose(), plain.session.dispose()]);
});
