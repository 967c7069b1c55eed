/** How long a request goes on trying. */
export interface Patience {
  /** Attempts without a byte of progress before it is given up. */
  readonly tries: number;
  /** Wait before the second attempt; it doubles with each further one. */
  readonly firstWaitMs: number;
  /** Silence after which a server counts as stalled. */
  readonly stallMs: number;
  /** The longest wait that a server may ask for. */
  readonly mostWaitMs: number;
}

export interface HubAccess {
  /** Sent to this origin and no other: not to the storage that the hub redirects to. */
  readonly token: { readonly origin: string; readonly value: string } | null;
  /** Told in a sentence what a download waits for, and what was done about a fault. */
  readonly onNotice: (sentence: string) => void;
  readonly patience: Patience;
}

export const defaultPatience: Patience = {
  tries: 6,
  firstWaitMs: 500,
  stallMs: 30_000,
  mostWaitMs: 300_000,
};

let access: HubAccess = { token: null, onNotice: () => {}, patience: defaultPatience };

/**
 * How this worker speaks to the hub. It is kept here, and not handed from call to call, so that the token
 * never stands in what goes into a report, a link or a cache key.
 */
export function hubAccess(): HubAccess {
  return access;
}

export function setHubAccess(change: Partial<HubAccess>): void {
  access = { ...access, ...change };
}
