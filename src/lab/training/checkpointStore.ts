import { sha256 } from '../../base/sha256.ts';
import { sentenceOf } from '../../base/userError.ts';
import { errorName, folderIn, read, readJson, remove, topFolder, write, writeJson } from '../cache/folder.ts';
import { isFull } from '../cache/writes.ts';
import type { Spec } from '../spec/spec.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { KeptTraining, OpenedCheckpoint, TrainingIdentity } from './keptTraining.ts';
import { runKey } from './runKey.ts';

/** What a run's folder says of it. */
interface About {
  readonly name: string;
  readonly spec: Spec;
}

/** A run that can go on: with this spec it does. */
export interface StoredRun extends About {
  readonly key: string;
  /** The step of the latest checkpoint. */
  readonly step: number;
  readonly seconds: number;
  /** The size of all its checkpoints. */
  readonly bytes: number;
}

/** Written behind a checkpoint, so it stands for a whole one. */
interface Mark {
  readonly step: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly sha256: string;
}

const folderName = 'layerlab-training';
const aboutName = 'run.json';
const kept = 2;

const dataName = (step: number): string => `step-${step}.safetensors`;
const markName = (step: number): string => `step-${step}.json`;

/** Marks of a run's checkpoints, latest first. */
async function marksOf(folder: FileSystemDirectoryHandle): Promise<Mark[]> {
  const marks: Mark[] = [];
  for await (const name of folder.keys()) {
    if (!/^step-\d+\.json$/.test(name)) continue;
    const mark = await readJson<Mark>(folder, name);
    if (mark !== null) marks.push(mark);
  }
  return marks.sort((a, b) => b.step - a.step);
}

/**
 * Opens the checkpoints of a run in the browser's own file system, in a folder named by what decides its
 * bits; in a dedicated worker only. Two tabs that train one run write the same bytes, so neither keeps the
 * other out.
 * @param device the adapter and how kernels are laid out on it
 * @returns null, with a notice, where files cannot be stored; the run goes on without
 */
export async function openCheckpoint(
  identity: TrainingIdentity,
  device: string,
  onNotice: (sentence: string) => void,
): Promise<OpenedCheckpoint | null> {
  if ((await topFolder(folderName, true)) === null) {
    onNotice('This browser does not let the page store files; training cannot go on after a reload.');
    return null;
  }
  const { train, spec } = identity;
  return new CheckpointStore(runKey(identity, device), { name: train.name, spec }, onNotice);
}

class CheckpointStore implements OpenedCheckpoint {
  readonly #key: string;
  readonly #about: About;
  readonly #onNotice: (sentence: string) => void;
  #stopped = false;

  constructor(key: string, about: About, onNotice: (sentence: string) => void) {
    this.#key = key;
    this.#about = about;
    this.#onNotice = onNotice;
  }

  /** The latest that is whole; what a crash left half-written, or a disk changed, is passed over. */
  async read(): Promise<KeptTraining | null> {
    const runs = await topFolder(folderName, false);
    const folder = runs && (await folderIn(runs, this.#key, false));
    if (!folder) return null;
    for (const { step, seconds, bytes, sha256: wanted } of await marksOf(folder)) {
      const data = await read(folder, dataName(step));
      if (data?.length !== bytes || (await sha256(data)) !== wanted) continue;
      return { ...decodeCheckpoint(data, dataName(step)), seconds };
    }
    return null;
  }

  /** Keeps the last two. Where they cannot be stored that is said, and no more are written: training goes on. */
  async write(checkpoint: KeptTraining): Promise<void> {
    if (this.#stopped) return;
    const { step, seconds } = checkpoint;
    // Another tab may have removed the folder.
    const runs = await topFolder(folderName, true);
    const folder = runs && (await folderIn(runs, this.#key, true));
    if (!folder) {
      this.#stop('The browser makes no folder for checkpoints');
      return;
    }
    const bytes = encodeCheckpoint(checkpoint);
    const mark: Mark = { step, seconds, bytes: bytes.length, sha256: await sha256(bytes) };
    try {
      await remove(folder, markName(step));
      await write(folder, dataName(step), bytes);
      await writeJson(folder, markName(step), mark);
      await writeJson(folder, aboutName, this.#about);
    } catch (error) {
      // The other tab is just writing these very bytes.
      if (errorName(error) === 'NoModificationAllowedError') return;
      await discard(folder, step).catch(() => undefined);
      this.#stop(
        isFull(error)
          ? 'The storage that the browser allows is full'
          : `Checkpoints cannot be stored (${sentenceOf(error)})`,
      );
      return;
    }
    for (const old of (await marksOf(folder)).slice(kept)) await discard(folder, old.step);
  }

  #stop(reason: string): void {
    this.#stopped = true;
    this.#onNotice(`${reason}; training goes on, but after a reload only from its last checkpoint.`);
  }

  async remove(): Promise<void> {
    await clearRun(this.#key);
  }
}

/** The mark first: what a crash leaves then stands for nothing. */
async function discard(folder: FileSystemDirectoryHandle, step: number): Promise<void> {
  await remove(folder, markName(step));
  await remove(folder, dataName(step));
}

/** Runs that can go on. */
export async function listRuns(): Promise<StoredRun[]> {
  const runs = await topFolder(folderName, false);
  const found: StoredRun[] = [];
  if (!runs) return found;
  for await (const [key, folder] of runs.entries()) {
    if (folder.kind !== 'directory') continue;
    const about = await readJson<About>(folder, aboutName);
    const marks = await marksOf(folder);
    const latest = marks[0];
    if (about === null || !latest) continue;
    const bytes = marks.reduce((sum, mark) => sum + mark.bytes, 0);
    found.push({ ...about, key, step: latest.step, seconds: latest.seconds, bytes });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** Deletes the checkpoints of a run. @throws when one is just being written */
export async function clearRun(key: string): Promise<void> {
  const runs = await topFolder(folderName, false);
  if (runs) await remove(runs, key, true);
}
