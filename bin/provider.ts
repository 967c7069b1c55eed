import { UserError } from '../src/base/userError.ts';

/** What onnxruntime-node runs models on. */
export const providers = ['cpu', 'cuda', 'webgpu'] as const;
export type Provider = (typeof providers)[number];

/**
 * Reads `--provider`.
 * @returns null where none is asked for
 * @throws UserError for one that there is not, or in a browser
 */
export function readProvider(asked: string | undefined, runtime: 'node' | 'browser'): Provider | null {
  if (asked === undefined) return null;
  const known = providers.find((name) => name === asked);
  if (!known) throw new UserError(`--provider takes ${providers.join(', ')}, not "${asked}".`);
  if (runtime === 'browser') {
    throw new UserError("--provider belongs to Node; in a browser the spec's `backend` says it.");
  }
  return known;
}
