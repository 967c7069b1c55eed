import { type HubEntry, hubEntries } from '../data/hub/entries.ts';
import { bundledCollections, bundledModels } from '../spec/defaults.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec, SpecInput, TrainSpec } from '../spec/spec.ts';
import { type Recipe, recipes, shapesOf, trainBy } from '../spec/trainPresets.ts';
import { type PaperPair, paperModels } from './identity.ts';
import type { Reproduction } from './reproductions.ts';

export const sizes = ['small', 'medium', 'full'] as const;
export type Size = (typeof sizes)[number];

/** Whose models and collections: the paper's from the hub, or the bundled ones, which need no network. */
export const stands = ['paper', 'bundled'] as const;
export type Stand = (typeof stands)[number];

export interface Choice {
  readonly work: Reproduction['work'];
  readonly pair: PaperPair;
  readonly size: Size;
  readonly stand: Stand;
}

/** One run of a reproduction: a collection by itself, or the training before them. */
export interface QueueItem {
  /** Unique within its reproduction; of a collection what reports call it. */
  readonly id: string;
  readonly title: string;
  /** The entry of the hub's collection; null for a bundled one, and for the training. */
  readonly entry: HubEntry | null;
  readonly spec: Spec;
}

export const trainingItem = 'training';

/** Systems of Table 1; the trained ones by the names that their runs have. */
const systems = ['baseline', 'de-2-ce', 'de-2-rand'];

/** Documents that a tab can take of one collection. */
const mostDocuments = 1_000_000;

interface Sample {
  readonly queries: number | null;
  readonly documents: number | null;
}

const samples: Readonly<Record<Stand, Readonly<Record<Size, Sample>>>> = {
  paper: {
    small: { queries: 200, documents: 1000 },
    medium: { queries: 1000, documents: 10_000 },
    full: { queries: null, documents: null },
  },
  bundled: {
    small: { queries: 50, documents: 200 },
    medium: { queries: 200, documents: 1000 },
    full: { queries: null, documents: null },
  },
};

/** Pairs that the paper drew for its figures (section 4.2). */
const paperPairs = 100_000;

function sampleOf({ work, size, stand }: Choice, entry: HubEntry | null): Sample {
  const sample = samples[stand][size];
  if (size !== 'full' || !entry) return sample;
  if (work === 'layers') return { queries: paperPairs, documents: paperPairs };
  return entry.size.documents > mostDocuments ? { queries: null, documents: mostDocuments } : sample;
}

/** Trains what Table 1 compares: a few steps, some thousand, or by the paper's recipe. */
function training({ size, stand }: Choice): TrainSpec[] {
  const recipe = (id: string): Recipe => {
    const found = recipes.find((one) => one.id === id);
    if (!found) throw new RangeError(`There is no recipe "${id}".`);
    return found;
  };
  const [infused, random] = shapesOf(2);
  if (!infused || !random) throw new RangeError('There are no shapes of two layers.');
  const paper = stand === 'paper';
  const chosen = paper && size !== 'small' ? recipe('mnrl-2025') : recipe('short');
  const fields: Partial<TrainSpec> = {
    data: paper ? ['hub:sentence-transformers/msmarco-bm25'] : [...bundledCollections],
    negatives: paper ? 'given' : 'bm25',
    ...(paper && size === 'medium' ? { steps: 5000 } : {}),
    ...(!paper && size === 'small' ? { steps: 10, batchSize: 8, miniBatchSize: 24, maxLength: 64 } : {}),
  };
  return [infused, random].map((shape) => trainBy(shape, chosen, fields));
}

function modelsOf({ pair, stand }: Choice): SpecInput['models'] {
  return stand === 'bundled'
    ? { ce: { source: bundledModels.ce }, de: { source: bundledModels.de } }
    : {
        ce: { source: `hub:${paperModels[pair].ce[0]}` },
        de: { source: `hub:${paperModels[pair].de[0]}` },
      };
}

/** A collection that the hub has not is dropped on the page and known by the entry's name. */
function sourceOf(entry: HubEntry): string {
  return entry.repository === null ? `folder:${entry.name}` : `hub:${entry.repository}`;
}

function collectionsOf(choice: Choice): {
  readonly id: string;
  readonly title: string;
  readonly entry: HubEntry | null;
  readonly dataset: SpecInput['datasets'][number];
}[] {
  return choice.stand === 'bundled'
    ? bundledCollections.map((source) => {
        const id = source.slice(source.indexOf(':') + 1);
        return { id, title: id, entry: null, dataset: { source, ...sampleOf(choice, null) } };
      })
    : hubEntries.map((entry) => ({
        id: entry.name,
        title: entry.title,
        entry,
        dataset: { source: sourceOf(entry), split: entry.split, ...sampleOf(choice, entry) },
      }));
}

/**
 * The runs that make a figure or the table, in order, each a plain spec of one collection, so that a failed one
 * loses nothing of the others. Run files are kept of samples; in full they would be larger than the browser's storage.
 */
export function itemsOf(choice: Choice): QueueItem[] {
  const models = modelsOf(choice);
  const keep: SpecInput['keep'] = choice.size === 'full' && choice.stand === 'paper' ? [] : ['runs'];
  const collections = collectionsOf(choice);
  const measured = collections.map(
    ({ id, title, entry, dataset }): QueueItem => ({
      id,
      title,
      entry,
      spec: parseSpec(
        choice.work === 'layers'
          ? { models, datasets: [dataset], layerwise: { topK: 10 }, keep }
          : {
              models,
              datasets: [dataset],
              layerwise: { enabled: false },
              compare: { systems, rerankDepth: 50, speed: true },
              keep,
            },
      ),
    }),
  );
  if (choice.work === 'layers') return measured;
  // What is searched while it learns: of the paper's collections the one that is fetched soonest.
  const watched = collections.find(({ entry }) => entry?.name === 'stsb')?.dataset ?? collections[0]?.dataset;
  if (!watched) throw new RangeError('There is no collection to watch a training by.');
  return [
    {
      id: trainingItem,
      title: 'Train DE-2 CE and DE-2 Rand',
      entry: null,
      spec: parseSpec({
        models,
        datasets: [{ ...watched, ...samples[choice.stand].small }],
        layerwise: { enabled: false },
        train: training(choice),
      }),
    },
    ...measured,
  ];
}

/** Names a reproduction's results: what was run, by which models, how much of it. */
export function keyOf({ work, pair, size, stand }: Choice): string {
  return stand === 'bundled' ? `bundled-${work}-${size}` : `${pair}-${work}-${size}`;
}

/**
 * All items as one experiment, for the command line: trains, then measures every collection. What was dropped
 * on the page is a folder below `--data` there.
 */
export function combinedSpec(items: readonly QueueItem[]): Spec {
  const [first] = items;
  if (!first) throw new RangeError('A combined spec needs at least one run.');
  const measured = items.filter(({ id }) => id !== trainingItem);
  const model = (measured[0] ?? first).spec;
  const local = (dataset: Spec['datasets'][number]): Spec['datasets'][number] => ({
    ...dataset,
    source: dataset.source.replace(/^folder:/, 'local:'),
  });
  return {
    ...model,
    datasets: (measured.length > 0 ? measured : items).flatMap(({ spec }) => spec.datasets.map(local)),
    train: items.flatMap(({ spec }) => spec.train),
  };
}
