import { expect, test } from 'vitest';
import { DeviceOwner } from '../../src/gpu/deviceSession.ts';
import { createLastingSearcher } from '../../src/gpu/search/lastingSearcher.ts';
import { createCpuSearcher } from '../../src/search/cpuSearcher.ts';
import type { Ranking, Searcher } from '../../src/search/searcher.ts';
import '../support/allclose.ts';
import { heardLosses } from '../support/heardLosses.ts';
import { LossyOwner } from '../support/lossyDevice.ts';
import { freshRandom } from '../support/random.ts';
import { type SearchCase, searchCase } from '../support/search.ts';

const told = heardLosses();

const onDevice = /^The GPU was lost \(.+\); the work goes on by itself on a new device/;
const onProcessor = /^The GPU was lost \(.+\) and is given up; the work goes on by itself on the processor/;

/** Searches documents in blocks of 50, with a look at the lists half-way. */
async function searched(searcher: Searcher, { vectors, documents }: SearchCase): Promise<readonly Ranking[]> {
  const width = vectors.length / documents;
  for (let from = 0; from < documents; from += 50) {
    const rows = Int32Array.from({ length: Math.min(50, documents - from) }, (_, i) => from + i);
    await searcher.add(vectors.slice(from * width, (from + rows.length) * width), rows);
    if (from === 150) await searcher.rankings();
  }
  return await searcher.rankings();
}

test.each([
  ['once goes on on a new device', 1, 'webgpu', onDevice],
  ['twice goes on in TypeScript', 2, 'cpu', onProcessor],
] as const)('a search that loses its device %s and finds the same', async (_, losses, device, last) => {
  const random = freshRandom();
  const size = { layers: 3, queries: 7, documents: 420, hiddenSize: 24, k: 30 };
  const backwards = Int32Array.from({ length: size.documents }, (__, row) => size.documents - 1 - row);
  const given = searchCase(random, size, backwards);
  // Searched apart, and lost with the rest.
  given.vectors[random.int(0, given.vectors.length - 1)] = Number.NaN;
  const expected = await searched(createCpuSearcher(given.options), given);
  const ends = Array.from({ length: losses }, () => random.int(1, 4));
  const owner = new LossyOwner(navigator.gpu, ends);
  const searcher = await createLastingSearcher(given.options, owner);
  const found = await searched(searcher, given);
  for (const [layer, { scores }] of found.entries()) {
    expect(scores).toBeAllclose(expected[layer]!.scores, { atol: 1e-5 });
  }
  expect(searcher.device).toBe(device);
  // A device that is lost before it has caught up is not told.
  expect(told.at(-1)).toMatch(last);
  expect(told.length).toBeLessThanOrEqual(losses);
  searcher.dispose();
  await owner.dispose();
});

test('lists that no device could have given count as a lost device', async () => {
  const random = freshRandom();
  const given = searchCase(random, { layers: 1, queries: 3, documents: 60, hiddenSize: 8, k: 5 }, null);
  const owner = new DeviceOwner(navigator.gpu);
  const first = await owner.session();
  // What comes back is zeros, as from buffers that nobody wrote.
  first.read = (buffer, bytes = buffer.size) => Promise.resolve(new ArrayBuffer(bytes));
  const searcher = await createLastingSearcher(given.options, owner);
  const found = await searched(searcher, given);
  const expected = await searched(createCpuSearcher(given.options), given);
  expect(found[0]!.documents).toEqual(expected[0]!.documents);
  expect(await owner.session()).not.toBe(first);
  expect(told).toEqual([expect.stringMatching(onDevice)]);
  searcher.dispose();
  await owner.dispose();
});

test('a fault of the search itself is told, and no device is taken for lost', async () => {
  const given = searchCase(freshRandom(), { layers: 1, queries: 1, documents: 5, hiddenSize: 4, k: 2 }, null);
  const owner = new DeviceOwner(navigator.gpu);
  const searcher = await createLastingSearcher(given.options, owner);
  await expect(searcher.add(new Float32Array(3), Int32Array.of(0, 1, 2))).rejects.toThrow();
  expect(told).toEqual([]);
  searcher.dispose();
  await owner.dispose();
});
