import { UserError } from '../base/userError.ts';
import { putSetting } from '../lab/cache/writes.ts';
import { defaultHub } from '../lab/hub/name.ts';

/**
 * Which hub this browser asks, and as whom. No part of a spec: it is in no report and no link, and stays in
 * this browser.
 */
export interface HubSettings {
  /** Origin of the hub or of its mirror. */
  readonly endpoint: string;
  /** Origins that a mirror redirects to for large files, where they are none of the hub's own. */
  readonly storage: readonly string[];
  /** Empty for none. */
  readonly token: string;
}

const key = 'layerlab-hub';
const none: HubSettings = { endpoint: defaultHub, storage: [], token: '' };

/** An http(s) address's origin, or null. */
export function originOf(text: string): string | null {
  try {
    const { origin, protocol } = new URL(text.trim());
    return /^https?:$/.test(protocol) ? origin : null;
  } catch {
    return null;
  }
}

export function readHubSettings(): HubSettings {
  try {
    const kept = { ...none, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<HubSettings>) };
    return {
      endpoint: originOf(String(kept.endpoint)) ?? defaultHub,
      storage: kept.storage.map((one) => originOf(String(one))).filter((one) => one !== null),
      token: String(kept.token),
    };
  } catch {
    return none;
  }
}

/**
 * Loads the page once more: where it may send requests is decided when it starts.
 * @throws UserError where the browser keeps no settings
 */
export function saveHubSettings(settings: HubSettings): void {
  const kept = JSON.stringify(settings);
  if (kept === JSON.stringify(none)) localStorage.removeItem(key);
  else if (!putSetting(() => localStorage, key, kept)) {
    throw new UserError(
      'This browser keeps no settings for the page, as its storage is full or switched off; clear some of it, or allow it, and save again.',
    );
  }
  location.reload();
}
