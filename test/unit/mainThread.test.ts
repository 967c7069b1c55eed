import { expect, test } from 'vitest';
import { reachedFrom } from '../../scripts/checkFloors.ts';
import { readSources } from '../../scripts/readSources.ts';

/** What grows with a collection or a model, by folder or file: reading, embedding, searching, training, running. */
const heavy = [
  'src/gpu',
  'src/search/cpuSearcher.ts',
  'src/search/bm25.ts',
  'src/lab/embed/embedTexts.ts',
  'src/lab/embed/searchCollection.ts',
  'src/lab/models/openedGraph.ts',
  'src/lab/models/readModel.ts',
  'src/lab/models/tokenise.ts',
  'src/lab/data/load.ts',
  'src/lab/data/lines.ts',
  'src/lab/stats/bootstrap.ts',
  'src/lab/compare/retrieve.ts',
  'src/lab/compare/rerank.ts',
  'src/lab/explore/indexCollection.ts',
  'src/lab/explore/searchLayers.ts',
  'src/lab/bundle/check.ts',
  'src/lab/bundle/open.ts',
  'src/lab/bundle/write.ts',
  'src/lab/pipeline/run.ts',
  'workers/lab',
  'workers/explore',
];

const sources = readSources(['src', 'workers']);
const within = (path: string, name: string): boolean => path === name || path.startsWith(`${name}/`);

test('what grows with a collection or a model never runs on the page’s thread', () => {
  const reached = reachedFrom('src/main.tsx', sources);
  const faults = [...reached]
    .filter(([file]) => heavy.some((name) => within(file, name)))
    .map(([, path]) => path.join(' → '));
  expect(faults).toEqual([]);
  // The page is really walked through.
  expect(reached.size).toBeGreaterThan(150);
});

test('a worker reaches what is heavy, so that nothing of the list is named in vain', () => {
  const reached = ['workers/lab/worker.ts', 'workers/explore/worker.ts'].flatMap((entry) => [
    ...reachedFrom(entry, sources).keys(),
  ]);
  expect(heavy.filter((name) => !reached.some((file) => within(file, name)))).toEqual([]);
});
