import { create } from 'zustand';
import { sentenceOf, UserError } from '../../base/userError.ts';
import { isFull } from '../../lab/cache/writes.ts';
import type { DroppedFile } from '../../lab/data/droppedFile.ts';
import type { HubEntry } from '../../lab/data/hub/entries.ts';
import { gzip } from '../../lab/formats/gzip.ts';
import { type FigureId, reproductionOf } from '../../lab/paper/reproductions.ts';
import {
  type Choice,
  itemsOf,
  keyOf,
  type QueueItem,
  type Size,
  type Stand,
  trainingItem,
} from '../../lab/paper/specs.ts';
import type { Report } from '../../lab/report/report.ts';
import { markKept } from '../keptMark.ts';
import { labClient } from '../labClient.ts';
import { askToKeep } from '../persistence.ts';
import { cancelRun, type RunArtefact, startRun, useRun } from '../run.ts';
import {
  forgetFiles,
  forgetResults,
  type KeptResult,
  keepFile,
  keepResult,
  readFiles,
  readKept,
} from './keptResults.ts';

interface ReproduceState {
  readonly figure: FigureId;
  readonly size: Size;
  readonly stand: Stand;
  /** By {@link placeOf}. */
  readonly results: ReadonlyMap<string, KeptResult>;
  /** Why a run came to no end, in one sentence. */
  readonly failures: ReadonlyMap<string, string>;
  /** Names of the collections that were dropped on the page, since the hub has none. */
  readonly dropped: ReadonlySet<string>;
  /** The run that goes on for the page, and whether none is to follow it. */
  readonly working: { readonly key: string; readonly id: string; readonly stopping: boolean } | null;
  /** What could not be stored or read. */
  readonly problem: string | null;
}

export const useReproduce = create<ReproduceState>(() => ({
  figure: 'figure-3',
  size: 'small',
  stand: 'paper',
  results: new Map(),
  failures: new Map(),
  dropped: new Set(),
  working: null,
  problem: null,
}));

const update = useReproduce.setState;

export function choose(change: Partial<Pick<ReproduceState, 'figure' | 'size' | 'stand'>>): void {
  update({ ...change, problem: null });
}

export function choiceOf({ figure, size, stand }: Pick<ReproduceState, 'figure' | 'size' | 'stand'>): Choice {
  const { work, pair } = reproductionOf(figure);
  return { work, pair, size, stand };
}

export function placeOf(key: string, id: string): string {
  return `${key}/${id}`;
}

/** The result of a run, if it is there and of the very same spec. */
export function resultOf(
  results: ReproduceState['results'],
  key: string,
  { id, spec }: Pick<QueueItem, 'id' | 'spec'>,
): Report | null {
  const report = results.get(placeOf(key, id))?.report;
  return report && JSON.stringify(report.spec) === JSON.stringify(spec) ? report : null;
}

/** Whether a run needs files that the user has first to drop. */
export function lacksFiles(dropped: ReproduceState['dropped'], { entry }: QueueItem): boolean {
  return entry !== null && entry.repository === null && !dropped.has(entry.name);
}

let read = false;

/** Reads what earlier visits computed. */
export async function readKeptResults(): Promise<void> {
  if (read) return;
  read = true;
  try {
    const kept = await readKept();
    update(({ results }) => ({
      results: new Map([...kept.map((one) => [placeOf(one.key, one.id), one] as const), ...results]),
    }));
    await markResults();
  } catch (error) {
    update({ problem: `Results of earlier visits could not be read: ${sentenceOf(error)}` });
  }
}

/** So that it is noticed when the browser clears them. */
async function markResults(): Promise<void> {
  const count = useReproduce.getState().results.size;
  await markKept('results', count > 0 ? [`finished runs of Reproduce (${count})`] : []);
}

/** Runs what remains of the chosen reproduction, one collection after the other. */
export async function startQueue(): Promise<void> {
  const choice = choiceOf(useReproduce.getState());
  await runItems(keyOf(choice), itemsOf(choice));
}

/** So many failures in a row are no matter of one collection: the connection is gone, or the storage full. */
const failuresInARow = 3;

/**
 * Runs those items that have no result yet, those that failed before at the end. One that fails says why and the
 * next one goes on, but for the training, without which there is nothing to measure.
 */
export async function runItems(key: string, items: readonly QueueItem[]): Promise<void> {
  if (useReproduce.getState().working || useRun.getState().run.status === 'running') return;
  const { results, dropped, failures } = useReproduce.getState();
  const hasFailed = ({ id }: QueueItem): boolean => failures.has(placeOf(key, id));
  const left = items
    .filter((item) => !resultOf(results, key, item) && !lacksFiles(dropped, item))
    .sort((a, b) =>
      a.id === trainingItem || b.id === trainingItem ? 0 : Number(hasFailed(a)) - Number(hasFailed(b)),
    );
  update({ problem: null, working: { key, id: left[0]?.id ?? '', stopping: false } });
  try {
    if (left.length > 0 && left[0]?.id !== trainingItem) await bringModels(key, items);
    let failed = 0;
    for (const item of left) {
      if (useReproduce.getState().working?.stopping) break;
      update({ working: { key, id: item.id, stopping: false } });
      const end = await runItem(key, item);
      if (end === 'stopped' || (end === 'failed' && item.id === trainingItem)) break;
      failed = end === 'failed' ? failed + 1 : 0;
      if (failed === failuresInARow) {
        throw new UserError(
          `${failed} runs in a row failed, each says why below; mend that and press Run for what remains.`,
        );
      }
    }
  } catch (error) {
    update({ problem: sentenceOf(error) });
  } finally {
    update({ working: null });
  }
}

export async function stopQueue(): Promise<void> {
  update(({ working }) => ({ working: working && { ...working, stopping: true } }));
  await cancelRun();
}

/** The trained models of an earlier visit, for the systems of Table 1. */
async function bringModels(key: string, items: readonly QueueItem[]): Promise<void> {
  const names = items.find(({ id }) => id === trainingItem)?.spec.train.map(({ name }) => name) ?? [];
  for (const name of names) {
    const below = `models/${name}/`;
    const files = await readFiles(key, trainingItem, below);
    if (files.length === 0) {
      throw new UserError(
        `The trained model ${name} is not stored any more; press "Start over" to train again.`,
      );
    }
    await labClient().addModel(
      name,
      files.map(({ path, bytes }) => ({
        path: path.slice(below.length),
        file: new File([bytes], path.slice(below.length)),
      })),
    );
  }
}

/** Folders of a run's files that are kept; TREC's are text and packed, weights are not. */
const packed = /^(runs|qrels)\//;
const unpacked = /^models\//;

async function runItem(key: string, item: QueueItem): Promise<'done' | 'failed' | 'stopped'> {
  const { id, title, spec } = item;
  const place = placeOf(key, id);
  let full = false;
  try {
    await forgetFiles(key, id);
  } catch (error) {
    full = true;
    update({ problem: `Run files are not kept, as the browser refuses: ${sentenceOf(error)}` });
  }
  const take = async ({ path, bytes }: RunArtefact): Promise<void> => {
    if (full || !(packed.test(path) || unpacked.test(path))) return;
    try {
      await keepFile(key, id, { path, bytes: packed.test(path) ? await gzip(bytes) : bytes });
    } catch (error) {
      if (!isFull(error)) throw error;
      full = true;
      update({
        problem: 'The storage that the browser allows is full; run files are not kept from here on.',
      });
    }
  };
  const run = await startRun(spec, { keep: take });
  if (run?.status === 'done') {
    const result: KeptResult = { key, id, title, report: run.report };
    update(({ results, failures }) => ({
      results: new Map([...results, [place, result]]),
      failures: new Map([...failures].filter(([at]) => at !== place)),
    }));
    try {
      await keepResult(result);
      await markResults();
      void askToKeep();
    } catch (error) {
      update({ problem: `The result is shown, but was not stored for the next visit: ${sentenceOf(error)}` });
    }
    return 'done';
  }
  if (run?.status === 'failed') {
    update(({ failures }) => ({ failures: new Map([...failures, [place, run.sentence]]) }));
    return 'failed';
  }
  return 'stopped';
}

/** Forgets a reproduction's results and files. */
export async function startOver(key: string): Promise<void> {
  const { results } = useReproduce.getState();
  const ids = [...results.values()].flatMap((result) => (result.key === key ? [result.id] : []));
  update(({ failures }) => ({
    results: new Map([...results].filter(([, result]) => result.key !== key)),
    failures: new Map([...failures].filter(([place]) => !place.startsWith(`${key}/`))),
  }));
  try {
    await forgetResults(key, ids);
    await markResults();
  } catch (error) {
    update({ problem: `What is stored could not be removed: ${sentenceOf(error)}` });
  }
}

/** Takes the files of a collection that the hub has not. */
export async function takeEntryFiles(
  { name }: HubEntry,
  given: Promise<{ readonly files: readonly DroppedFile[] }>,
): Promise<void> {
  try {
    const { files } = await given;
    await labClient().preview(name, files);
    update(({ dropped }) => ({ dropped: new Set([...dropped, name]), problem: null }));
  } catch (error) {
    update({ problem: sentenceOf(error) });
  }
}
