import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { WhyFigures } from '../lab/explore/openTokenFigures.ts';
import { type Measure, measures } from '../lab/explore/tokenFigures.ts';
import type { Estimate } from '../lab/pipeline/estimate.ts';
import type { RunEvent } from '../lab/pipeline/events.ts';
import { type Pacing, pacingOf } from '../lab/pipeline/pacing.ts';
import type { LayerwiseRow, Report } from '../lab/report/report.ts';
import { layersOnly } from '../lab/spec/editTraining.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { bringDropped } from './droppedFiles.ts';
import { collectionSpec, useExplore } from './explore.ts';
import { exploreClient } from './exploreClient.ts';
import type { LinkPart } from './exploreTab.ts';
import { calledBack, startOwnLab } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { readStoredReport, useReports } from './reports.ts';
import { proposedSample, useSettings } from './settings.ts';

/** How much of a collection the curves are computed on: the settings' sample, or all of it. */
export const extents = ['sample', 'all'] as const;
export type Extent = (typeof extents)[number];

export interface WhyAsked {
  readonly measure: Measure;
  /** The token that is pointed out; null for none. */
  readonly token: string | null;
  readonly extent: Extent;
}

/** Curves of the same sample, with tokens counted alike and by their IDF. */
export interface WeightedCurves {
  /** What they were computed for; see `curvesKey`. */
  readonly key: string;
  readonly plain: readonly LayerwiseRow[];
  readonly weighted: readonly LayerwiseRow[];
  /** What the report says of the weights and of texts without any. */
  readonly notes: readonly string[];
}

export type CurvesState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly key: string; readonly text: string }
  | { readonly status: 'failed'; readonly key: string; readonly sentence: string }
  | { readonly status: 'cancelled'; readonly key: string }
  | { readonly status: 'ready'; readonly value: WeightedCurves };

interface WhyState {
  readonly asked: WhyAsked;
  readonly figures: Loadable<WhyFigures>;
  /** What is done until the figures are there. */
  readonly stage: string;
  readonly estimate: Loadable<Estimate>;
  readonly curves: CurvesState;
}

const start: WhyAsked = { measure: 'norm', token: null, extent: 'sample' };

export const useWhy = create<WhyState>(() => ({
  asked: start,
  figures: { status: 'loading' },
  stage: 'Starting',
  estimate: { status: 'loading' },
  curves: { status: 'idle' },
}));

export function askWhy(change: Partial<WhyAsked>): void {
  useWhy.setState(({ asked }) => ({ asked: { ...asked, ...change } }));
  if (change.extent !== undefined) void estimateCurves();
}

/** The settings' models on the collection that is explored. */
function specNow(): Spec {
  return collectionSpec(useSettings.getState().spec, useExplore.getState().asked.collection);
}

const takeFigures = latest<WhyFigures>((figures) => useWhy.setState({ figures }));
let read: string | null = null;

/** Reads the figures of the models and the collection that are chosen, unless they are there already. */
export async function readFigures(): Promise<void> {
  const spec = specNow();
  const key = JSON.stringify([spec.models, spec.datasets, spec.seed]);
  if (read === key) return;
  read = key;
  useWhy.setState({ figures: { status: 'loading' }, stage: 'Starting' });
  await takeFigures(async () => {
    try {
      const explore = exploreClient();
      await bringDropped(explore);
      return await explore.tokenFigures(
        spec,
        calledBack((stage: string) => {
          if (read === key) useWhy.setState({ stage });
        }),
      );
    } catch (error) {
      if (read === key) read = null;
      throw error;
    }
  });
}

/** The run of one kind of weights. */
function runSpec(weights: Spec['pooling']['weights']): Spec {
  const spec = specNow();
  const { extent } = useWhy.getState().asked;
  const sized = spec.datasets.map((dataset) => ({
    ...dataset,
    queries: extent === 'all' ? null : (dataset.queries ?? proposedSample.queries),
    documents: extent === 'all' ? null : (dataset.documents ?? proposedSample.documents),
  }));
  return {
    ...layersOnly(spec),
    datasets: sized,
    pooling: { ...spec.pooling, weights },
    layerwise: { ...spec.layerwise, enabled: true, layers: null },
    keep: [],
  };
}

/** Everything that decides the curves. */
export function curvesKey(): string {
  return JSON.stringify(runSpec('idf'));
}

const takeEstimate = latest<Estimate>((estimate) => useWhy.setState({ estimate }));

/** The last run's, where it could be told. */
let pace: Pacing | null = null;

/** What the curves would cost. */
export async function estimateCurves(): Promise<void> {
  await readStoredReport('stored');
  await takeEstimate(async () => {
    const { stored } = useReports.getState();
    const storedPace = stored.status === 'ready' ? pacingOf(stored.value, 'the stored run') : null;
    const explore = exploreClient();
    await bringDropped(explore);
    return await explore.estimate(runSpec('idf'), pace ?? storedPace);
  });
}

const weightsInWords = { uniform: 'Plain mean', idf: 'IDF weights' } as const;

/** Ends the runs that go on; null while there are none. */
let cancel: (() => void) | null = null;

/**
 * Searches by every layer under plain and under IDF-weighted pooling, one after the other. A worker of its own does
 * it: in Explore's, each batch would keep the next key waiting.
 */
export async function computeCurves(): Promise<void> {
  if (useWhy.getState().curves.status === 'running') return;
  const key = curvesKey();
  const specs = { uniform: runSpec('uniform'), idf: runSpec('idf') };
  const tell = (text: string): void => useWhy.setState({ curves: { status: 'running', key, text } });
  tell('Starting');
  const { calls: lab, end } = startOwnLab('curves');
  cancel = () => void lab.cancel();
  try {
    await bringDropped(lab);
    const run = async (weights: keyof typeof specs): Promise<Report> => {
      const listen = (event: RunEvent): void => {
        if (event.type === 'stage') tell(`${weightsInWords[weights]}: ${event.text}`);
        if (event.type === 'progress') {
          const { model, done, total } = event;
          tell(`${weightsInWords[weights]}: ${model.toUpperCase()}, ${done} of ${total} texts`);
        }
      };
      return await lab.run(specs[weights], calledBack(listen));
    };
    const plain = await run('uniform');
    pace = pacingOf(plain, 'the last run here') ?? pace;
    const weighted = await run('idf');
    useWhy.setState({
      curves: {
        status: 'ready',
        value: { key, plain: plain.layerwise, weighted: weighted.layerwise, notes: notesOf(weighted) },
      },
    });
  } catch (error) {
    useWhy.setState({
      curves: isCancelled(error)
        ? { status: 'cancelled', key }
        : { status: 'failed', key, sentence: sentenceOf(error) },
    });
  } finally {
    cancel = null;
    end();
  }
  void estimateCurves();
}

function notesOf({ environment }: Report): string[] {
  return environment.datasets.flatMap(({ data }) =>
    (data?.embedded ?? []).flatMap(({ model, weights }) =>
      weights === undefined ? [] : [`${model.toUpperCase()}: ${weights}`],
    ),
  );
}

export function cancelCurves(): void {
  cancel?.();
}

const names = { measure: 'measure', token: 'token', extent: 'extent' } as const;

export const whyPart: LinkPart = {
  tab: 'why',
  write() {
    const { asked } = useWhy.getState();
    const parts: [string, string][] = [];
    if (asked.measure !== start.measure) parts.push([names.measure, asked.measure]);
    if (asked.token !== null) parts.push([names.token, asked.token]);
    if (asked.extent !== start.extent) parts.push([names.extent, asked.extent]);
    return parts;
  },
  take(query) {
    const asked: WhyAsked = {
      measure: measures.find((one) => one === query.get(names.measure)) ?? start.measure,
      token: query.get(names.token),
      extent: extents.find((one) => one === query.get(names.extent)) ?? start.extent,
    };
    if (JSON.stringify(asked) !== JSON.stringify(useWhy.getState().asked)) askWhy(asked);
  },
  subscribe(onChange) {
    useWhy.subscribe(({ asked }, { asked: before }) => {
      // Tokens go by one after the other.
      if (asked !== before) onChange(asked.measure === before.measure && asked.extent === before.extent);
    });
  },
};
