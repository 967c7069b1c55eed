import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Explorer } from '../../../src/lab/explore/explorer.ts';
import { indexCollection } from '../../../src/lab/explore/indexCollection.ts';
import type { TokenBatch } from '../../../src/lab/models/types.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder, fakeSession, fakeVector } from '../../support/fakeModel.ts';

const never = new AbortController().signal;
const layers = [0, 2];

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('exploring a collection', () => {
  const collection = madeCollection('made', 3, 9);
  let explorer: Explorer;

  beforeAll(async () => {
    const opened = { session: fakeSession(layers), encoder: characterEncoder, tokenizerHash: 'x' };
    const documents = await indexCollection(collection, { model: opened, store: null, signal: never });
    const model = { opened, documents };
    explorer = await Explorer.open(
      { collection, models: { ce: model, de: model }, ties: 'document-order' },
      never,
    );
  });
  afterAll(() => explorer.dispose());

  it('lists what each layer finds as a ranking by plain cosines does', async () => {
    const query = collection.queries.texts[0]!;
    const { lists } = await explorer.search(query, 3, [], never);
    for (const [index, layer] of layers.entries()) {
      const scores = collection.corpus.texts.map((text) =>
        cosine(fakeVector(text, layer), fakeVector(query, layer)),
      );
      const order = scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]! || a - b);
      expect(lists[index]!.hits.map(({ document }) => document)).toEqual(order.slice(0, 3));
      expect(lists[index]).toMatchObject({ system: 'ce', layer });
    }
    expect(lists.at(-1)).toMatchObject({ system: 'bm25', layer: null });
  });

  it('follows documents through the layers of both models', async () => {
    const { flows } = await explorer.search(collection.queries.texts[0]!, 3, [1], never);
    expect(flows.map(({ model }) => model)).toEqual(['ce', 'de']);
    expect(flows[0]!.layers).toEqual(layers);
    expect(flows[0]!.lines[0]!.ranks).toHaveLength(layers.length);
  });

  it('runs one batch of a model at a time, however many ask', async () => {
    let running = 0;
    let most = 0;
    const session = fakeSession(layers);
    const busy = {
      ...session,
      async pooled(batch: TokenBatch) {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve));
        running--;
        return await session.pooled(batch);
      },
    };
    const opened = { session: busy, encoder: characterEncoder, tokenizerHash: 'x' };
    const documents = await indexCollection(collection, { model: opened, store: null, signal: never });
    const models = { ce: { opened, documents }, de: { opened: { ...opened, session }, documents } };
    const asked = await Explorer.open({ collection, models, ties: 'document-order' }, never);
    await Promise.all([
      asked.search('a', 1, [], never),
      asked.search('b', 1, [], never),
      asked.embedQueries('ce', never, () => {}),
    ]);
    expect(most).toBe(1);
  });

  it('runs no model for a query that the next key has overtaken', async () => {
    const next = new AbortController();
    const { port1: heard, port2: key } = new MessageChannel();
    heard.onmessage = () => next.abort();
    const session = fakeSession(layers);
    const opened = { session, encoder: characterEncoder, tokenizerHash: 'x' };
    const model = { opened, documents: explorer.documentsOf('ce') };
    const models = { ce: model, de: model };
    const asked = await Explorer.open({ collection, models, ties: 'document-order' }, never);
    key.postMessage('the next');
    await expect(asked.search('x', 3, [], next.signal)).rejects.toThrow('Cancelled');
    expect(session.batches).toEqual([]);
    heard.close();
  });

  it('asks the DE, which may run elsewhere, before the CE holds the thread', async () => {
    const ran: string[] = [];
    const opened = (name: string) => {
      const session = fakeSession(layers);
      const pooled = (batch: TokenBatch) => {
        ran.push(name);
        return session.pooled(batch);
      };
      return { session: { ...session, pooled }, encoder: characterEncoder, tokenizerHash: 'x' };
    };
    const documents = explorer.documentsOf('ce');
    const models = { ce: { opened: opened('ce'), documents }, de: { opened: opened('de'), documents } };
    const asked = await Explorer.open({ collection, models, ties: 'document-order' }, never);
    await asked.search('x', 3, [], never);
    expect(ran).toEqual(['de', 'ce']);
  });

  it('stops when the next key comes', async () => {
    const next = new AbortController();
    next.abort();
    await expect(explorer.search('x', 3, [], next.signal)).rejects.toThrow('Cancelled');
  });
});
