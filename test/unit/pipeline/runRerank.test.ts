import { expect, test } from 'vitest';
import type { OpenedReranker } from '../../../src/lab/compare/rerank.ts';
import { checkRerankParts, type NamedRerankPart } from '../../../src/lab/pipeline/checkParts.ts';
import type { RunEvent } from '../../../src/lab/pipeline/events.ts';
import { mergeParts } from '../../../src/lab/pipeline/mergeParts.ts';
import { readPart } from '../../../src/lab/pipeline/part.ts';
import { readRerankPart } from '../../../src/lab/pipeline/rerankPart.ts';
import { runExperiment } from '../../../src/lab/pipeline/run.ts';
import { runRerank } from '../../../src/lab/pipeline/runRerank.ts';
import { runShard } from '../../../src/lab/pipeline/runShard.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { Spec, SpecInput } from '../../../src/lab/spec/spec.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';
import { fakeReranker } from '../../support/fakeReranker.ts';
import { type FakeServices, fakeServices } from '../../support/fakeServices.ts';
import { source } from '../../support/source.ts';

/** Ranks documents of one query of the first collection, one that it does not have among them. */
const runFile = 'q3 Q0 d5 1 3 x\nq3 Q0 nowhere 2 2 x\nq3 Q0 d7 3 1 x\n';

const given: SpecInput = {
  models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
  datasets: [{ source: 'folder:one' }, { source: 'folder:two' }],
  layerwise: { topK: 100, bootstrapSamples: 50 },
  compare: {
    systems: [
      'baseline',
      'ce-layer-1',
      'bm25',
      'run:one.trec',
      { name: 'fused', fuse: ['bm25', 'ce-layer-1'] },
    ],
    rerankDepth: 20,
  },
  ties: 'id-descending',
  keep: ['runs'],
};

function services(change: Partial<FakeServices> = {}): ReturnType<typeof fakeServices> {
  return fakeServices({
    openSystem: (system) =>
      Promise.resolve({
        session: fakeSession([system.type === 'layer' ? system.layer : 2]),
        encoder: characterEncoder,
        tokenizerHash: 'x',
      }),
    openReranker: (): Promise<OpenedReranker> => Promise.resolve(fakeReranker()),
    openRunFile: (name) => Promise.resolve(source(name, runFile)),
    ...change,
  });
}

interface Ran {
  readonly files: Map<string, string>;
  readonly listen: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

function listening(): Ran {
  const files = new Map<string, string>();
  return {
    files,
    listen(event) {
      if (event.type === 'artefact') files.set(event.path, new TextDecoder().decode(event.bytes));
    },
    signal: new AbortController().signal,
  };
}

async function parts(
  spec: Spec,
  count: number,
  runs?: Parameters<typeof runRerank>[3]['runs'],
  change?: Partial<FakeServices>,
): Promise<NamedRerankPart[]> {
  const made: NamedRerankPart[] = [];
  for (let index = 0; index < count; index++) {
    const options = { ...listening(), ...(runs ? { runs } : {}) };
    const bytes = await runRerank(spec, services(change), { index, count }, options);
    const file = `${index}.part`;
    made.push({ ...readRerankPart(bytes, file), file });
  }
  return made;
}

/** What does not depend on how long something took. */
function comparable({ comparison, rerankDepths, tests, pooledTests, layerwise, failures }: Report): unknown {
  const depths = rerankDepths.map(({ seconds, ...depth }) => {
    expect(seconds).toBeGreaterThanOrEqual(0);
    return depth;
  });
  return { comparison, depths, tests, pooledTests, layerwise, failures };
}

async function layersOf(spec: Spec, count: number) {
  const layers = [];
  for (let index = 0; index < count; index++) {
    const bytes = await runShard(spec, services(), { index, count }, listening());
    layers.push({ ...readPart(bytes, `layers ${index}`), file: `layers ${index}` });
  }
  return layers;
}

test.each([1, 3, 25])('%i parts of a comparison give the figures and files of one run', async (count) => {
  const spec = parseSpec(given);
  const one = listening();
  const whole = await runExperiment(spec, services(), one.listen, one.signal);
  expect(whole.failures).toEqual([]);

  // First the layers, whose lists the comparison then takes.
  const layers = await layersOf(spec, 2);
  const first = listening();
  await mergeParts({ layers, reranked: [] }, { services: services(), ...first });
  const asked: string[] = [];
  const reranked = await parts(
    spec,
    count,
    (dataset, system) => {
      const text = first.files.get(`runs/${dataset}/${system}.retrieve.trec`);
      return text === undefined ? null : source('a run', text);
    },
    {
      openSystem: (system) => {
        asked.push(system.type);
        return services().comparison.openSystem(system, spec, first.signal);
      },
    },
  );
  // Layer 1 was not searched again.
  expect(new Set(asked)).toEqual(new Set(['baseline']));

  const merged = listening();
  const report = await mergeParts(
    { layers, reranked: reranked.reverse() },
    { services: services(), ...merged },
  );
  expect(comparable(report)).toEqual(comparable(whole));
  expect(new Map([...merged.files].sort())).toEqual(new Map([...one.files].sort()));
});

test('a comparison without layers is merged by itself, and without reranking', async () => {
  const spec = parseSpec({
    ...given,
    layerwise: { enabled: false },
    compare: { systems: ['ce-layer-1', 'bm25'], rerankDepth: 0 },
  });
  const one = listening();
  const whole = await runExperiment(spec, services(), one.listen, one.signal);
  const report = await mergeParts(
    { layers: [], reranked: await parts(spec, 2) },
    { services: services(), ...listening() },
  );
  expect(comparable(report)).toEqual(comparable(whole));
});

test.each<[string, Partial<Spec['compare']>, RegExp]>([
  ['nothing to compare', { enabled: false }, /^field "compare": is not there, and leaves nothing to rerank/],
  ['timing', { speed: true }, /^field "compare\.speed": asks for timing, which parts do not do/],
])('%s is refused in a sentence', async (_, change, sentence) => {
  const spec = parseSpec(given);
  const odd = { ...spec, compare: { ...spec.compare, ...change } };
  await expect(runRerank(odd, services(), { index: 0, count: 1 }, listening())).rejects.toThrow(sentence);
});

test('lists that are too short for the comparison are not taken for its own', async () => {
  const spec = parseSpec({ ...given, layerwise: { topK: 50 } });
  await expect(parts(spec, 1, () => source('a run', 'q1 Q0 d1 1 1 x\n'))).rejects.toThrow(
    /^field "layerwise\.topK": is 50, and the comparison takes \d+ documents a query/,
  );
});

test('wrong merges are refused in one sentence each', async () => {
  const spec = parseSpec({ ...given, layerwise: { enabled: false }, compare: { systems: ['bm25'] } });
  const [a, b] = (await parts(spec, 2)) as [NamedRerankPart, NamedRerankPart];
  const refused = (...given: NamedRerankPart[]) => expect(() => checkRerankParts(given));
  refused(a).toThrow(/^Part 1 of 2 is missing; run it with --stage rerank --shard 1\/2\.$/);
  refused(a, b, { ...a, file: 'again' }).toThrow(/^again: is part 0 of 2, as is 0\.part/);
  refused(a, { ...b, spec: { ...spec, seed: 7 } }).toThrow(/^1\.part: is of another spec than 0\.part/);
  refused(a, { ...b, shard: { index: 1, count: 3 } }).toThrow(/^1\.part: is part 1 of 3, but 0\.part/);
  refused(a, { ...b, environment: { ...b.environment, version: '9' } }).toThrow(/was made by version 9/);
  refused(a, { ...b, compared: a.compared }).toThrow(/^1\.part: lacks lists, or has those of other queries/);
  const [file] = a.environment.files!;
  const other = { ...b.environment, files: [{ ...file!, sha256: 'other' }] };
  refused(a, { ...b, environment: other }).toThrow(/^1\.part: was made with other weights of test:fake/);

  const layered = (await parts(parseSpec(given), 1)) as NamedRerankPart[];
  const merge = (parts: Parameters<typeof mergeParts>[0]) =>
    mergeParts(parts, { services: services(), ...listening() });
  await expect(merge({ layers: [], reranked: layered })).rejects.toThrow(/^The run has layers too/);
  const layers = await layersOf(parseSpec({ ...given, seed: 2 }), 1);
  await expect(merge({ layers, reranked: layered })).rejects.toThrow(
    /^0\.part: is of another spec than layers 0/,
  );
  const changed = services({
    loadCollection: async (...asked) => {
      const collection = await services().loadCollection(...asked);
      return {
        ...collection,
        queries: { ...collection.queries, texts: collection.queries.texts.map(() => '?') },
      };
    },
  });
  await expect(
    mergeParts({ layers: [], reranked: [a, b] }, { services: changed, ...listening() }),
  ).rejects.toThrow(/is not what the parts searched/);
});
