import { UserError } from '../../base/userError.ts';
import { defaultSpec } from './defaults.ts';
import { parseSpec } from './parse.ts';
import type { Spec } from './spec.ts';
import { upgradeSpec } from './upgrade.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of `value` differs from `base`; undefined where nothing does. Lists are taken whole. */
function difference(value: Json, base: Json | undefined): Json | undefined {
  if (!isRecord(value) || !isRecord(base)) {
    return JSON.stringify(value) === JSON.stringify(base) ? undefined : value;
  }
  const out: { [key: string]: Json } = {};
  for (const [key, inner] of Object.entries(value)) {
    const changed = difference(inner, base[key]);
    if (changed !== undefined) out[key] = changed;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

function merge(base: Json, changes: Json): Json {
  if (!isRecord(base) || !isRecord(changes)) return changes;
  const out: { [key: string]: Json } = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    const under = out[key];
    out[key] = under === undefined ? change : merge(under, change);
  }
  return out;
}

const asJson = (spec: Spec): Json => JSON.parse(JSON.stringify(spec)) as Json;

/** The spec as the value of a link's `spec`: JSON of what differs from the default, to be URL-encoded. */
export function toPermalink(spec: Spec): string {
  const changes = difference(asJson(spec), asJson(defaultSpec()));
  return JSON.stringify(isRecord(changes) ? { version: spec.version, ...changes } : {});
}

/** @throws UserError when the link is broken */
export function fromPermalink(text: string): Spec {
  let changes: Json;
  try {
    changes = JSON.parse(text) as Json;
  } catch {
    throw new UserError("The link's spec is not whole; copy the link again.");
  }
  return parseSpec(merge(asJson(defaultSpec()), upgradeSpec(changes) as Json));
}
