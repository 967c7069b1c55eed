import { expect, test, vi } from 'vitest';
import { openPair } from '../../../src/lab/explore/openPair.ts';
import { seePair } from '../../../src/lab/explore/seenPair.ts';
import { bothWays } from '../../../src/lab/lesson/bothWays.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { diskSource } from '../../support/diskSource.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

test('a pair has the inspector’s scores both ways round, and a cosine that no order changes', async () => {
  const models = await openPair(defaultSpec(), diskSource, { signal: new AbortController().signal });
  const [query, document] = ['a tool that compresses files', 'gzip restores what it has compressed'];
  const { logit, cosine } = await bothWays(models, query, document);
  const given = await seePair(models, query, document);
  const swapped = await seePair(models, document, query);
  await models.dispose();
  expect(logit).toEqual([given.across.logit, swapped.across.logit]);
  expect(logit[0]).not.toBeCloseTo(logit[1], 2);
  expect(cosine[0]).toBe(given.apart.de.layers.at(-1)?.cosine);
  expect(cosine[1]).toBeCloseTo(cosine[0], 5);
});
