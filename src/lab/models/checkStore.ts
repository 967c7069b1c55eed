import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { readJson, topFolder, writeJson } from '../cache/folder.ts';
import type { CheckKey, CheckMemory } from './settleBackend.ts';
import type { BackendCheck } from './types.ts';

const folderName = 'layerlab-checks';
/** Checks of this worker: where files cannot be stored, they hold until it ends. */
const known = new Map<string, BackendCheck>();

/** Keeps checks in the browser's own file system. A browser or a lab of another version is checked anew. */
export function checkStore(userAgent: string, appVersion: string): CheckMemory {
  const idOf = (key: CheckKey): string =>
    bytesToHex(sha256(utf8ToBytes(JSON.stringify({ ...key, userAgent, appVersion })))).slice(0, 32);
  return {
    async read(key) {
      const id = idOf(key);
      const folder = await topFolder(folderName, false);
      return known.get(id) ?? (folder && (await readJson<BackendCheck>(folder, `${id}.json`))) ?? null;
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
