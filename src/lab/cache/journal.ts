import { sha256 } from '@noble/hashes/sha2.js';
import { closeQuietly, type Part } from './fileStore.ts';
import { isFull } from './writes.ts';

/** What a record says, and numbers that go with it. */
export interface JournalRecord<T> {
  readonly says: T;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Begins every record. */
const magic = 0x4c_4c_4a_31;
const checksumBytes = 16;
/** The magic number, the lengths of both pieces, and the checksum of all that follows the first word. */
const headBytes = 12 + checksumBytes;
const none = new Uint8Array(0);

function checksum(lengths: Uint8Array, ...pieces: readonly Uint8Array[]): Uint8Array {
  const hash = sha256.create().update(lengths);
  for (const piece of pieces) hash.update(piece);
  return hash.digest().subarray(0, checksumBytes);
}

/** A record as it lies in a file. A reader tells a whole one from one that was cut off by its checksum. */
export function encodeRecord<T>({ says, bytes }: JournalRecord<T>): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(says));
  const record = new Uint8Array(headBytes + text.length + bytes.length);
  const head = new DataView(record.buffer);
  head.setUint32(0, magic);
  head.setUint32(4, text.length);
  head.setUint32(8, bytes.length);
  record.set(checksum(record.subarray(4, 12), text, bytes), 12);
  record.set(text, headBytes);
  record.set(bytes, headBytes + text.length);
  return record;
}

/** The record that begins at a place of a file, and where it ends; null where none is whole. */
function recordAt<T>(file: Part, at: number): { record: JournalRecord<T>; end: number } | null {
  if (at + headBytes > file.size) return null;
  const head = file.read(at, at + headBytes);
  const view = new DataView(head.buffer, head.byteOffset);
  const [text, bytes] = [view.getUint32(4), view.getUint32(8)];
  const end = at + headBytes + text + bytes;
  if (view.getUint32(0) !== magic || end > file.size) return null;
  // A copy of its own, so that numbers in it are aligned however it lies in the file.
  const says = file.read(at + headBytes, at + headBytes + text).slice();
  const rest = bytes === 0 ? none : file.read(end - bytes, end).slice();
  const whole = checksum(head.subarray(4, 12), says, rest);
  if (head.subarray(12).some((byte, i) => byte !== whole[i])) return null;
  return { record: { says: JSON.parse(new TextDecoder().decode(says)) as T, bytes: rest }, end };
}

export interface JournalFiles {
  readonly log: Part;
  /** Two places for the latest state, written in turn, so that one of them is always whole. */
  readonly states: readonly [Part, Part];
}

interface Place<T> {
  readonly says: T;
  readonly at: number;
}

/**
 * Records of a run. The log only grows; what a crash left of a record at its end is forgotten. Beside it stands one
 * state, which the next one replaces: it would fill the storage if each were kept.
 */
export class Journal<L, S> {
  readonly #files: JournalFiles;
  readonly #onFull: () => void;
  readonly #places: Place<L>[] = [];
  #sequence = 0;
  #writable = true;

  /** @param onFull told once when storage is full; nothing is noted from there on */
  constructor(files: JournalFiles, onFull: () => void = () => {}) {
    this.#files = files;
    this.#onFull = onFull;
    const { log } = files;
    let at = 0;
    for (let found = recordAt<L>(log, at); found; found = recordAt<L>(log, at)) {
      this.#places.push({ says: found.record.says, at });
      at = found.end;
    }
    if (at < log.size) log.cut(at);
    this.#sequence = Math.max(0, ...this.#states().map(({ record }) => record.says.sequence));
  }

  /** What the log says, in order. */
  get entries(): readonly L[] {
    return this.#places.map(({ says }) => says);
  }

  /** Numbers of an entry of the log. */
  bytes(entry: number): Uint8Array<ArrayBuffer> {
    return recordAt<L>(this.#files.log, this.#places[entry]!.at)!.record.bytes;
  }

  append(says: L, bytes: Uint8Array<ArrayBuffer> = none): void {
    const { log } = this.#files;
    const at = log.size;
    if (this.#write(log, encodeRecord({ says, bytes }))) this.#places.push({ says, at });
  }

  /** The latest state that is whole. */
  state(): JournalRecord<S> | null {
    const [latest] = this.#states().sort((a, b) => b.record.says.sequence - a.record.says.sequence);
    return latest ? { says: latest.record.says.state, bytes: latest.record.bytes } : null;
  }

  keepState(state: S, bytes: Uint8Array<ArrayBuffer>): void {
    const sequence = this.#sequence + 1;
    const file = this.#files.states[sequence % 2]!;
    file.clear();
    if (this.#write(file, encodeRecord({ says: { sequence, state }, bytes }))) this.#sequence = sequence;
  }

  close(): void {
    // What could not be written to the end is told by its checksum.
    for (const file of [this.#files.log, ...this.#files.states]) closeQuietly(file);
  }

  #states() {
    return this.#files.states.flatMap((file) => recordAt<{ sequence: number; state: S }>(file, 0) ?? []);
  }

  #write(file: Part, record: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#writable) return false;
    try {
      file.append(record);
      return true;
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#writable = false;
      this.#onFull();
      return false;
    }
  }
}
