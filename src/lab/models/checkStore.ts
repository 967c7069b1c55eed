import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { readJson, topFolder, writeJson } from '../cache/folder.ts';
import type { CheckKey, CheckMemory } from './checkMemory.ts';

const folderName = 'layerlab-checks';
/** Checks of this worker: where files cannot be stored, they hold until it ends. */
const known = new Map<string, unknown>();

/** Keeps checks in the browser's own file system. A browser or a lab of another version is checked anew. */
export function checkStore<Check>(userAgent: string, appVersion: string): CheckMemory<Check> {
  const idOf = (key: CheckKey): string =>
    bytesToHex(sha256(utf8ToBytes(JSON.stringify({ ...key, userAgent, appVersion })))).slice(0, 32);
  return {
    async read(key) {
      const id = idOf(key);
      const folder = await topFolder(folderName, false);
      const here = known.get(id) as Check | undefined;
      return here ?? (folder && (await readJson<Check>(folder, `${id}.json`))) ?? null;
    },
    async write(key, check) {
      const id = idOf(key);
      known.set(id, check);
      const folder = await topFolder(folderName, true);
      try {
        if (folder) await writeJson(folder, `${id}.json`, check);
      } catch {
        // Storage is full, or another tab is just writing it: at worst the model is checked again in the next visit.
      }
    },
  };
}
