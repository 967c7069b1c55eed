import type { HubSettings } from '../state/hubSettings.ts';

/** Where huggingface.co keeps large files. */
const hubStorage = ['https://*.huggingface.co', 'https://*.hf.co'];

/**
 * Lets the page send requests to its own origin and to the chosen hub with its storage, and nowhere else. The
 * rest of the policy stands in index.html; policies add up, so this one can only narrow it, and cannot be
 * widened again. Workers that start from a `blob:` inherit it.
 */
export function restrictConnections({ endpoint, storage }: HubSettings): void {
  const carried = document.querySelector('meta[http-equiv="Content-Security-Policy"]');
  // The dev server's page has none, and connections of its own.
  if (!carried) return;
  // A mirror may lead on to the hub's own storage.
  const sources = new Set(["'self'", 'blob:', 'data:', endpoint, ...storage, ...hubStorage]);
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src ${[...sources].join(' ')}`;
  carried.after(policy);
}
