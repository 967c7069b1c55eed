import { z } from 'zod';
import { isCancelled } from '../../base/userError.ts';
import { closeQuietly, FileStore, type Part, removeFolder, storedFolders } from '../cache/fileStore.ts';
import { Journal } from '../cache/journal.ts';
import { isFull } from '../cache/writes.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import { runId, runsGoingOn } from './runId.ts';
import { RunJournal } from './runJournal.ts';
import { type LogState, RunLog, type TimedEntry } from './runLog.ts';

/** A run that a closed or crashed tab cut off. */
export interface UnfinishedRun {
  readonly id: string;
  readonly spec: Spec;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What its journal takes. */
  readonly bytes: number;
}

/** Of the journal's own records; one of another version is not read. */
const version = 1;
const folderName = 'layerlab-runs';
const aboutName = 'run';

const aboutSchema = z.object({
  version: z.literal(version),
  /** Version of the lab: another one may come to other figures. */
  lab: z.string(),
  startedAt: z.string(),
  spec: z.unknown(),
});

interface Opening {
  /** Whether to go on where an earlier sitting was cut off; else the run begins anew. */
  readonly goOn: boolean;
  readonly lab: string;
  readonly onNotice: (sentence: string) => void;
}

/**
 * Runs a spec with a journal in the browser's own file system, null where files cannot be stored; in a dedicated
 * worker only. The journal is removed when the run ends, but for one that fails with something found: it can be
 * gone on with when the fault is mended.
 */
export async function withJournal<T>(
  spec: Spec,
  opening: Opening,
  run: (journal: RunJournal | null) => Promise<T>,
): Promise<T> {
  const id = runId(spec);
  const journal = await openRunJournal(id, spec, opening);
  let keep = false;
  try {
    return await run(journal);
  } catch (error) {
    keep = !isCancelled(error) && journal?.isEmpty === false;
    throw error;
  } finally {
    journal?.close();
    if (!keep) await forgetRunJournal(id);
  }
}

async function openRunJournal(
  id: string,
  spec: Spec,
  { goOn, lab, onNotice }: Opening,
): Promise<RunJournal | null> {
  if (!goOn || (await aboutOf(id, lab)) === null) await forgetRunJournal(id);
  const store = await FileStore.open(folderName, [id], true);
  if (!store) return null;
  const parts: (Part | null)[] = [];
  try {
    for (const name of ['log', 'state-0', 'state-1']) parts.push(await whenFree(() => store.part(name)));
  } catch (error) {
    if (!isFull(error)) throw error;
    onNotice(notContinued);
  }
  const [log, first, second] = parts;
  if (!log || !first || !second) {
    for (const file of parts) if (file) closeQuietly(file);
    return null;
  }
  if ((await aboutOf(id, lab)) === null) {
    await store.writeNote(aboutName, { version, lab, startedAt: new Date().toISOString(), spec });
  }
  return new RunJournal(
    new RunLog(
      new Journal<TimedEntry, LogState>({ log, states: [first, second] }, () => onNotice(notContinued)),
    ),
  );
}

const notContinued =
  'The storage that the browser allows is full; the run goes on, but cannot be continued from here on.';

/** Runs that can go on: those whose tab is gone. Journals that this lab cannot read are removed. */
export async function listUnfinished(lab: string): Promise<UnfinishedRun[]> {
  const going = await runsGoingOn();
  const found: UnfinishedRun[] = [];
  for (const id of await storedFolders(folderName)) {
    if (going.has(id)) continue;
    const about = await aboutOf(id, lab);
    if (about) found.push({ id, ...about });
    else await forgetRunJournal(id);
  }
  return found.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** Removes a run's journal; one that is being written stays. */
export async function forgetRunJournal(id: string): Promise<void> {
  await whenFree(() => removeFolder(folderName, [id]).then(() => true));
}

/** The worker of a page that was reloaded takes a moment to end, and to let go of its files. */
async function whenFree<T>(work: () => Promise<T | null>): Promise<T | null> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const done = await work().catch((error: unknown) => {
      if (isFull(error)) throw error;
      return null;
    });
    if (done !== null) return done;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

async function aboutOf(id: string, lab: string): Promise<Omit<UnfinishedRun, 'id'> | null> {
  const store = await FileStore.open(folderName, [id], false);
  const about = aboutSchema.safeParse(await store?.readNote(aboutName));
  if (!store || !about.success || about.data.lab !== lab) return null;
  try {
    const bytes = (await store.list()).reduce((sum, file) => sum + file.bytes, 0);
    return { spec: parseSpec(about.data.spec), startedAt: about.data.startedAt, bytes };
  } catch {
    return null;
  }
}
