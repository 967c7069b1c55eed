import { UserError } from '../../src/base/userError.ts';
import { hearLosses, untoldLosses } from '../../src/gpu/lossNotices.ts';
import { loadCollection } from '../../src/lab/data/load.ts';
import { type ModelSource, openModel, openVectorStore } from '../../src/lab/embed/openModel.ts';
import { answerFor, type ExploredPage, pageOf, type SeenAnswer } from '../../src/lab/explore/answer.ts';
import type { ExploredList, Explorer } from '../../src/lab/explore/explorer.ts';
import { fetchStoredVectors } from '../../src/lab/explore/fetchStoredVectors.ts';
import {
  listNeighbours,
  type NeighboursEvent,
  type NeighboursRequest,
} from '../../src/lab/explore/listNeighbours.ts';
import {
  type ExploreEvent,
  type ExploreRequest,
  type ExploreServices,
  openExplorer,
} from '../../src/lab/explore/openExplorer.ts';
import type { OpenGraph } from '../../src/lab/models/openedGraph.ts';
import { openWithInside, SharedSessions } from '../../src/lab/models/sharedSessions.ts';
import { type DroppedCalls, droppedCalls } from '../lab/droppedCalls.ts';
import { LabState } from '../lab/labState.ts';
import { type ModelCalls, modelCalls } from '../lab/modelCalls.ts';
import { type RunCalls, runCalls } from '../lab/runCalls.ts';
import { type InspectCalls, inspectCalls } from './inspectCalls.ts';
import { type LessonCalls, lessonCalls } from './lessonCalls.ts';
import { type MapCalls, mapCalls } from './mapCalls.ts';
import { type WhyCalls, whyCalls } from './whyCalls.ts';

/** What the page Explore calls. It has a worker of its own, so that typing is never behind a run. */
export interface ExploreCalls
  extends Pick<RunCalls, 'start'>,
    Pick<DroppedCalls, 'preview'>,
    Pick<ModelCalls, 'addModel'>,
    MapCalls,
    WhyCalls,
    LessonCalls,
    InspectCalls {
  /** Makes a collection searchable; ends what was open. Rejects with AbortError when another one is opened. */
  open(request: ExploreRequest, listen: (event: ExploreEvent) => void): Promise<ExploredPage>;
  cancelOpen(): void;
  /** Answers a query; rejects with AbortError when the next one comes first. */
  search(query: string, depth: number, followed: readonly number[]): Promise<SeenAnswer>;
  /** What every layer finds for a query, for the lesson; ends no search that was typed meanwhile, and is ended by none. */
  listsOf(query: string, depth: number): Promise<readonly ExploredList[]>;
  /** Searches for many texts, for the command line; apart from what is open. */
  neighbours(request: NeighboursRequest, listen: (event: NeighboursEvent) => void): Promise<void>;
  /** A document in full. */
  documentText(row: number): string;
}

/** @param openDe where the DE's graph is run, beside the CE's; here without */
export function createExplore(openDe?: OpenGraph): ExploreCalls {
  const state = new LabState();
  const { start } = runCalls(state);
  const { preview } = droppedCalls(state);
  const { addModel } = modelCalls(state);
  // Searching, reading pairs and the lesson hold the same models open.
  const { openFiles, adapter, checks } = state;
  const sessions = new SharedSessions((options) => openWithInside(options, openDe));
  const sharing: ModelSource = { openFiles, adapter, checks, sessions };
  let explorer: Explorer | null = null;
  let opening = new AbortController();
  let searching = new AbortController();
  const opened = (): Explorer => {
    if (!explorer) throw new UserError('No collection is open yet; wait until it is.');
    return explorer;
  };
  return {
    start,
    preview,
    addModel,
    ...mapCalls(() => explorer),
    ...whyCalls(state),
    ...lessonCalls(sharing),
    ...inspectCalls(sharing),
    documentText(row) {
      const text = explorer?.collection.corpus.texts[row];
      if (text === undefined) throw new UserError('The collection is not open any more; search again.');
      return text;
    },
    async open(request, listen) {
      opening.abort();
      searching.abort();
      opening = new AbortController();
      const { signal } = opening;
      const before = explorer;
      explorer = null;
      await before?.dispose();
      const deaf = hearLosses((text) => void listen({ type: 'notice', text }));
      try {
        const made = await openExplorer(
          request,
          servicesOf(state, sharing, openDe),
          (event) => void listen(event),
          signal,
        );
        explorer = made.explorer;
        return pageOf(made);
      } finally {
        deaf();
      }
    },
    cancelOpen: () => opening.abort(),
    async neighbours(request, listen) {
      opening = new AbortController();
      await listNeighbours(
        request,
        servicesOf(state, state, openDe),
        (event) => void listen(event),
        opening.signal,
      );
    },
    async listsOf(query, depth) {
      return (await opened().search(query, depth, [], new AbortController().signal)).lists;
    },
    async search(query, depth, followed) {
      searching.abort();
      searching = new AbortController();
      const answer = await answerFor(opened(), query, { depth, followed }, searching.signal);
      return { ...answer, notes: [...answer.notes, ...untoldLosses()] };
    },
  };
}

/** @param from where models are opened @param openDe where the DE is run, unless its session is shared */
function servicesOf(state: LabState, from: ModelSource, openDe: OpenGraph | undefined): ExploreServices {
  return {
    async loadCollection(dataset, { seed }, onNotice, signal) {
      const { collection, warnings } = await loadCollection(dataset, state, { seed, signal });
      for (const warning of warnings) onNotice(warning);
      return collection;
    },
    openModel: (kind, spec, onDownload, signal) =>
      openModel(kind, spec, from, {
        layers: null,
        onDownload,
        signal,
        ...(kind === 'de' && openDe ? { openGraph: openDe } : {}),
      }),
    openStore: openVectorStore,
    storedVectors: (name, signal) => fetchStoredVectors(state.base, name, signal),
  };
}
