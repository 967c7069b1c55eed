import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { heldLocks } from '../cache/takeLock.ts';
import type { Spec } from '../spec/spec.ts';

/** Names a run by its spec: equal specs come to equal reports. */
export function runId(spec: Spec): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(spec, inOrder)))).slice(0, 32);
}

/** An edit may have put fields in another order. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The lock (`navigator.locks`) that a tab holds while it runs that spec. */
export function runLock(id: string): string {
  return `layerlab run ${id}`;
}

/** Ids of the runs that go on in any tab. */
export async function runsGoingOn(): Promise<ReadonlySet<string>> {
  return await heldLocks(runLock(''));
}
