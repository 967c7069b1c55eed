import { UserError } from '../../base/userError.ts';
import { shardRows } from '../data/shard.ts';
import type { Part } from './part.ts';
import { sliceOf } from './placeSlices.ts';
import type { RerankCompared, RerankPart } from './rerankPart.ts';

/** A part and the file that it was read from. */
export interface NamedPart extends Part {
  readonly file: string;
}

/** A part of a comparison and the file that it was read from. */
export interface NamedRerankPart extends RerankPart {
  readonly file: string;
}

type AnyPart = Pick<NamedPart, 'file' | 'shard' | 'spec' | 'environment'>;

const partOf = ({ shard }: AnyPart): string => `part ${shard.index} of ${shard.count}`;

function refuse({ file }: AnyPart, sentence: string): never {
  throw new UserError(sentence, { file });
}

/**
 * Holds parts to belonging together and to being all of a run.
 * @returns them in order
 * @throws UserError with the first fault
 */
export function checkParts(parts: readonly NamedPart[]): readonly NamedPart[] {
  const inOrder = allInOrder(parts, '--shard');
  for (const part of inOrder) checkFound(parts[0]!, part);
  return inOrder;
}

/** As {@link checkParts}, parts of a comparison. */
export function checkRerankParts(parts: readonly NamedRerankPart[]): readonly NamedRerankPart[] {
  const inOrder = allInOrder(parts, '--stage rerank --shard');
  for (const part of inOrder) {
    checkFiles(parts[0]!, part);
    checkCompared(parts[0]!, part);
  }
  return inOrder;
}

/** @param how a part is run */
function allInOrder<P extends AnyPart>(parts: readonly P[], how: string): P[] {
  const [first] = parts;
  if (!first) throw new UserError('merge needs the parts of a run; name their files behind the folder.');
  for (const part of parts) checkAlike(first, part);
  const byIndex = new Map<number, P>();
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
        ? `Part ${one} of ${count} is missing; run it with ${how} ${one}/${count}.`
        : `Parts ${missing.join(', ')} of ${count} are missing; run each with ${how} I/${count}.`,
    );
  }
  return [...byIndex.values()].sort((a, b) => a.shard.index - b.shard.index);
}

/** Another run's part would give lists that no run gives. */
function checkAlike(first: AnyPart, part: AnyPart): void {
  const other = `than ${first.file}; merge parts of one run.`;
  if (part.shard.index >= part.shard.count) {
    refuse(part, `is ${partOf(part)}, which there cannot be; run it again.`);
  }
  if (part.shard.count !== first.shard.count) {
    refuse(part, `is ${partOf(part)}, but ${first.file} is ${partOf(first)}; merge parts of one division.`);
  }
  checkSameRun(first, part);
  const [own, theirs] = [part.environment, first.environment];
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

/** Holds a part to another of the same run, of whichever stage. @throws UserError */
export function checkSameRun(first: AnyPart, part: AnyPart): void {
  const other = `than ${first.file}; merge parts of one run.`;
  if (JSON.stringify(part.spec) !== JSON.stringify(first.spec)) refuse(part, `is of another spec ${other}`);
  const [own, theirs] = [part.environment, first.environment];
  if (own.version !== theirs.version) {
    refuse(part, `was made by version ${own.version} of the lab, another one ${other}`);
  }
  if (JSON.stringify(own.versions) !== JSON.stringify(theirs.versions)) {
    refuse(part, `was made with other versions of the runtime ${other}`);
  }
}

/** Whether a part has what it must have, of its own documents. */
function checkFound(first: NamedPart, part: NamedPart): void {
  for (const [index, expected] of first.found.entries()) {
    const { dataset, model, layers, queries, k, rows } = part.found[index] ?? {};
    const slice = sliceOf(part, expected.dataset);
    const whole = part.environment.datasets.find(({ name }) => name === expected.dataset);
    const due = slice ? [0, slice.documents] : shardRows(whole?.documents ?? 0, part.shard);
    // The lists of a slice are no longer than it.
    const length = slice ? Math.min(part.spec.layerwise.topK, slice.documents) : expected.k;
    const same =
      dataset === expected.dataset &&
      model === expected.model &&
      queries === expected.queries &&
      k === length &&
      layers?.join() === expected.layers.join() &&
      rows?.join() === due.join();
    const inside = part.rankings[index]?.every(({ documents }) =>
      documents.every((row) => row === -1 || (row >= due[0]! && row < due[1]!)),
    );
    const alike = (slice === undefined) === (sliceOf(first, expected.dataset) === undefined);
    if (!same || !inside || !alike) {
      refuse(part, `lacks lists of ${expected.dataset}, or has those of another part; run it again.`);
    }
  }
}

/** Weights that several parts opened must be the same; which are opened, run files and fused lists decide. */
function checkFiles(first: NamedRerankPart, part: NamedRerankPart): void {
  for (const { source, file, sha256, backend } of part.environment.files ?? []) {
    const same = first.environment.files?.find((one) => one.source === source && one.file === file);
    const other = `than ${first.file}; merge parts of one run.`;
    if (same && same.sha256 !== sha256) refuse(part, `was made with other weights of ${source} ${other}`);
    if (same && same.backend !== backend) refuse(part, `ran ${source} on another backend ${other}`);
  }
}

function checkCompared(first: NamedRerankPart, part: NamedRerankPart): void {
  const { datasets } = part.environment;
  const systemsOf = ({ systems }: RerankCompared): string =>
    JSON.stringify(systems.map(({ system, k }) => [system, k]));
  const complete =
    part.compared.length === datasets.length &&
    part.compared.every((compared, at) => {
      const { name, queries } = datasets[at]!;
      const due = shardRows(queries, part.shard);
      return (
        compared.dataset === name &&
        compared.queries.join() === due.join() &&
        systemsOf(compared) === systemsOf(first.compared[at]!)
      );
    });
  if (!complete) refuse(part, `lacks lists, or has those of other queries than ${first.file}; run it again.`);
}
