import { create } from 'zustand';
import { topFolder } from '../lab/cache/folder.ts';
import { putSetting } from '../lab/cache/writes.ts';

/** Where things are kept, each of which says for itself what it keeps. */
type Place = 'files' | 'results' | 'offline';

/** What was kept when it was last looked at, in words. */
interface Mark {
  /** The day of that. */
  readonly at: string;
  readonly what: Readonly<Partial<Record<Place, readonly string[]>>>;
}

const key = 'layerlab-kept';
/** An empty folder, which goes when the browser clears files, and stays when the lab removes some of its own. */
const witness = 'layerlab-witness';

/** What the browser cleared since the last visit, in one sentence; null for nothing. */
export const useCleared = create<{ readonly sentence: string | null }>(() => ({ sentence: null }));

function readMark(): Mark | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('at' in kept) || !('what' in kept)) return null;
    const { at, what } = kept as Mark;
    const words = Object.values(what ?? {}).flat();
    return words.length > 0 && words.every((one) => typeof one === 'string')
      ? { at: String(at), what }
      : null;
  } catch {
    return null;
  }
}

/**
 * Notices that the browser has cleared what the lab kept, as some do when disk space runs short or a page was not
 * visited for long; to be called before anything is kept. Where settings are cleared with it, nothing is noticed.
 */
export async function noticeCleared(): Promise<void> {
  const mark = readMark();
  if (!mark || (await topFolder(witness, false))) return;
  localStorage.removeItem(key);
  const words = Object.values(mark.what).flat().join(', ');
  useCleared.setState({
    sentence: `This browser has cleared what the lab kept here on ${mark.at}: ${words}. What is needed again is computed or downloaded again.`,
  });
}

export function dismissCleared(): void {
  useCleared.setState({ sentence: null });
}

/** Remembers what a place keeps, in words; none for nothing. */
export async function markKept(place: Place, words: readonly string[]): Promise<void> {
  if (words.length > 0 && !(await topFolder(witness, true))) return;
  // Read only now: another place may have said something meanwhile.
  const before = readMark();
  const what = { ...before?.what, [place]: words };
  if (Object.values(what).flat().length === 0) {
    if (before) localStorage.removeItem(key);
    return;
  }
  const mark: Mark = { at: new Date().toISOString().slice(0, 10), what };
  putSetting(() => localStorage, key, JSON.stringify(mark));
}
