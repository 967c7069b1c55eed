import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LaunchConfiguration, Precision } from '../../gpu/launchConfiguration.ts';
import { errorName, readJson, topFolder, writeJson } from '../cache/folder.ts';
import { isFull } from '../cache/writes.ts';

/** What an autotuned launch configuration holds for. */
export interface LaunchKey {
  readonly adapter: string;
  /** A browser brings its own shader compiler. */
  readonly userAgent: string;
  readonly appVersion: string;
  readonly hidden: number;
  readonly intermediate: number;
  readonly precision: Precision;
}

interface StoredLaunch {
  readonly key: LaunchKey;
  readonly plan: LaunchConfiguration;
}

// Its name is on the disks of those who trained before.
const folderName = 'layerlab-plans';
/** Configurations of this worker: where files cannot be stored, they hold until it ends. */
const known = new Map<string, LaunchConfiguration>();

/**
 * The configuration that was measured for a key, measured now if it never was. The first one stands, so that a run
 * goes on with the one it began with; of two tabs the second waits for the first. In a dedicated worker.
 * @param fallback remembered instead when measuring fails, as it may take the device down with it
 * @throws what `measure` throws
 */
export async function rememberedLaunch(
  key: LaunchKey,
  fallback: LaunchConfiguration,
  measure: () => Promise<LaunchConfiguration>,
): Promise<LaunchConfiguration> {
  const id = bytesToHex(sha256(utf8ToBytes(JSON.stringify(key)))).slice(0, 32);
  return await navigator.locks.request(`${folderName} ${id}`, async () => {
    const found = known.get(id) ?? (await stored(id));
    if (found) {
      // What an earlier version did not know of is as it is without measuring.
      const whole = { ...fallback, ...found };
      known.set(id, whole);
      return whole;
    }
    const keep = async (plan: LaunchConfiguration): Promise<LaunchConfiguration> => {
      known.set(id, plan);
      await store(id, { key, plan });
      return plan;
    };
    try {
      return await keep(await measure());
    } catch (error) {
      if (errorName(error) !== 'AbortError') await keep(fallback);
      throw error;
    }
  });
}

async function stored(id: string): Promise<LaunchConfiguration | null> {
  const folder = await topFolder(folderName, false);
  return (folder && (await readJson<StoredLaunch>(folder, `${id}.json`)))?.plan ?? null;
}

async function store(id: string, value: StoredLaunch): Promise<void> {
  const folder = await topFolder(folderName, true);
  try {
    if (folder) await writeJson(folder, `${id}.json`, value);
  } catch (error) {
    // Storage is full: no checkpoint can be kept either, which would need the same plan.
    if (!isFull(error)) throw error;
  }
}
