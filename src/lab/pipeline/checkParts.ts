import { UserError } from '../../base/userError.ts';
import type { Part } from './part.ts';
import { shardRows } from './shard.ts';

/** A part and the file that it was read from. */
export interface NamedPart extends Part {
  readonly file: string;
}

const partOf = ({ shard }: Part): string => `part ${shard.index} of ${shard.count}`;

function refuse(part: NamedPart, sentence: string): never {
  throw new UserError(sentence, { file: part.file });
}

/**
 * Holds parts to belonging together and to being all of a run.
 * @returns them in order
 * @throws UserError with the first fault
 */
export function checkParts(parts: readonly NamedPart[]): readonly NamedPart[] {
  const [first] = parts;
  if (!first) throw new UserError('merge needs the parts of a run; name their files behind the folder.');
  for (const part of parts) checkAlike(first, part);
  const byIndex = new Map<number, NamedPart>();
  for (const part of parts) {
    const twin = byIndex.get(part.shard.index);
    if (twin) refuse(part, `is ${partOf(part)}, as is ${twin.file}; name each part once.`);
    byIndex.set(part.shard.index, part);
  }
  const { count } = first.shard;
  const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const [one, ...others] = missing;
    throw new UserError(
      others.length === 0
        ? `Part ${one} of ${count} is missing; run it with --shard ${one}/${count}.`
        : `Parts ${missing.join(', ')} of ${count} are missing; run each with --shard I/${count}.`,
    );
  }
  const inOrder = [...byIndex.values()].sort((a, b) => a.shard.index - b.shard.index);
  for (const part of inOrder) checkFound(first, part);
  return inOrder;
}

/** Another run's part would give lists that no run gives. */
function checkAlike(first: NamedPart, part: NamedPart): void {
  const other = `than ${first.file}; merge parts of one run.`;
  if (part.shard.index >= part.shard.count) {
    refuse(part, `is ${partOf(part)}, which there cannot be; run it again.`);
  }
  if (part.shard.count !== first.shard.count) {
    refuse(part, `is ${partOf(part)}, but ${first.file} is ${partOf(first)}; merge parts of one division.`);
  }
  if (JSON.stringify(part.spec) !== JSON.stringify(first.spec)) refuse(part, `is of another spec ${other}`);
  const [own, theirs] = [part.environment, first.environment];
  if (own.version !== theirs.version) {
    refuse(part, `was made by version ${own.version} of the lab, another one ${other}`);
  }
  if (JSON.stringify(own.versions) !== JSON.stringify(theirs.versions)) {
    refuse(part, `was made with other versions of the runtime ${other}`);
  }
  for (const kind of ['ce', 'de'] as const) {
    const [model, same] = [own.models[kind], theirs.models[kind]];
    const name = kind.toUpperCase();
    if (model?.sha256 !== same?.sha256) refuse(part, `was made with other weights of the ${name} ${other}`);
    if (model?.backend !== same?.backend) refuse(part, `ran the ${name} on another backend ${other}`);
  }
  for (const [index, { name, sha256 }] of theirs.datasets.entries()) {
    if (own.datasets[index]?.sha256 !== sha256) {
      refuse(part, `searched another content of ${name} ${other}`);
    }
  }
}

/** Whether a part has what it must have, of its own documents. */
function checkFound(first: NamedPart, part: NamedPart): void {
  for (const [index, expected] of first.found.entries()) {
    const { dataset, model, layers, queries, k, rows } = part.found[index] ?? {};
    const whole = part.environment.datasets.find(({ name }) => name === expected.dataset);
    const due = shardRows(whole?.documents ?? 0, part.shard);
    const same =
      dataset === expected.dataset &&
      model === expected.model &&
      queries === expected.queries &&
      k === expected.k &&
      layers?.join() === expected.layers.join() &&
      rows?.join() === due.join();
    const inside = part.rankings[index]?.every(({ documents }) =>
      documents.every((row) => row === -1 || (row >= due[0] && row < due[1])),
    );
    if (!same || !inside) {
      refuse(part, `lacks lists of ${expected.dataset}, or has those of another part; run it again.`);
    }
  }
}
