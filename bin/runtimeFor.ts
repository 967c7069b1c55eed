import { createRequire } from 'node:module';
import { UserError } from '../src/base/userError.ts';

export const runtimes = ['node', 'browser'] as const;
export type RuntimeChoice = (typeof runtimes)[number];

const needed = ['onnxruntime-node', 'webgpu'] as const;

function lacking(): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  return needed.find((name) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * What runs a spec: what is asked for, else Node where its packages are installed and nothing is asked of a browser.
 * @throws UserError for a runtime that is unknown, or Node without its packages
 */
export function runtimeFor(asked: { readonly runtime?: string; readonly adapter?: string }): RuntimeChoice {
  const { runtime = asked.adapter === undefined ? undefined : 'browser' } = asked;
  const lacks = runtime === 'browser' ? undefined : lacking();
  if (runtime === undefined) return lacks === undefined ? 'node' : 'browser';
  const known = runtimes.find((name) => name === runtime);
  if (!known) throw new UserError(`--runtime takes ${runtimes.join(' or ')}, not "${runtime}".`);
  if (lacks !== undefined) {
    throw new UserError(
      `--runtime node needs the package ${lacks}, which is not installed; run npm ci without --omit=optional.`,
    );
  }
  if (known === 'node' && asked.adapter !== undefined) {
    throw new UserError(
      '--adapter chooses among those of a browser; leave it out, or take --runtime browser.',
    );
  }
  return known;
}
