import { Cancelled, isUserError, sentenceOf } from '../../base/userError.ts';
import { ranksNoQuery, readRunLists } from '../compare/runFile.ts';
import type { Collection } from '../data/collection.ts';
import type { LoadOptions } from '../data/load.ts';
import { sampleCollection } from '../data/sample.ts';
import type { ModelKind } from '../models/types.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import { definitionsIn, type Encoder, readSystem, systemNamed, systemsOf } from '../spec/systemName.ts';
import { checkTraining } from '../training/checkTraining.ts';
import { initialConfig } from '../training/initialise.ts';
import { checkTeacher } from './checkTeacher.ts';
import type { CompareServices } from './compareOptions.ts';
import { givenPairs, withoutNegatives } from './givenPairs.ts';
import type { LayerwiseServices } from './layerwise.ts';
import { unequalWidths } from './systemLists.ts';
import type { TrainingServices } from './trainOptions.ts';

/** What is wrong with a run, as far as it is known before a text is embedded; a sentence each. */
export interface Findings {
  /** Without what this is about, the run cannot be. */
  readonly refused: readonly string[];
  /** Parts of the comparison that would fail and be left out. */
  readonly leftOut: readonly string[];
  readonly warnings: readonly string[];
}

/** What can be looked at before a run, stage by stage. */
export interface CheckServices {
  loadCollection(
    dataset: DatasetSpec,
    options: LoadOptions,
    onNotice: (sentence: string) => void,
  ): Promise<Collection>;
  readonly layerwise: Pick<LayerwiseServices, 'checkModel'>;
  readonly training: Pick<TrainingServices, 'checkDevice' | 'openFiles' | 'loadTrainingPairs'>;
  readonly comparison: Pick<CompareServices, 'checkSystem' | 'checkReranker' | 'openRunFile' | 'systemWidth'>;
}

interface CheckOptions {
  readonly spec: Spec;
  readonly services: CheckServices;
  readonly signal: AbortSignal;
}

/** Collects sentences of what the user can mend; anything else is a fault of the lab, and is thrown. */
async function attempt(into: string[], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isUserError(error)) throw error;
    into.push(what === '' ? sentenceOf(error) : `${what}: ${sentenceOf(error)}`);
  }
}

/**
 * What cannot be trained from, or taught by, a sentence each. Reads no more of a model than its config.json, so that it is known
 * before anything large is downloaded.
 */
export async function checkStarts({ spec, services, signal }: CheckOptions): Promise<string[]> {
  const refused: string[] = [];
  for (const train of spec.train) {
    if (signal.aborted) throw new Cancelled();
    await attempt(refused, train.name, async () => {
      const source = spec.models[train.init === 'de' ? 'de' : 'ce'].source;
      await initialConfig(train, await services.training.openFiles(source, signal), signal);
    });
    await attempt(refused, train.name, () => checkTeacher(train, spec, services.training, signal));
  }
  return refused;
}

/** Everything that needs no embedding: collections, models, and what {@link checkRun} looks at. */
export async function checkSpec({ spec, services, signal }: CheckOptions): Promise<Findings> {
  const refused = await checkStarts({ spec, services, signal });
  const warnings: string[] = [];
  const collections: Collection[] = [];
  for (const dataset of spec.datasets) {
    await attempt(refused, '', async () => {
      const options = { seed: spec.seed, signal };
      const whole = await services.loadCollection(dataset, options, (text) => warnings.push(text));
      const { queries, documents } = dataset;
      collections.push(sampleCollection(whole, { queries, documents, seed: spec.seed }));
    });
  }
  const kinds: ModelKind[] = spec.layerwise.enabled ? ['ce', 'de'] : [];
  for (const kind of kinds) {
    await attempt(refused, '', () => services.layerwise.checkModel(kind, spec, signal));
  }
  const found = await checkRun({ spec, services, signal });
  return {
    refused: [...refused, ...found.refused],
    leftOut: [...found.leftOut, ...(await checkRunFiles(collections, { spec, services, signal }))],
    warnings: [...warnings, ...found.warnings],
  };
}

/** What would otherwise come out after the layers were embedded: training pairs, systems and the reranker. */
export async function checkRun({ spec, services, signal }: CheckOptions): Promise<Findings> {
  const refused: string[] = [];
  const leftOut: string[] = [];
  const warnings: string[] = [];
  await attempt(refused, '', () => checkWidths({ spec, services, signal }));
  if (spec.train.length > 0) {
    await attempt(refused, '', () => services.training.checkDevice());
  }
  for (const train of spec.train) {
    if (signal.aborted) throw new Cancelled();
    await attempt(refused, train.name, async () => {
      const { pairs, data } = await givenPairs({ train, spec, services: services.training }, signal);
      if (
        train.negatives === 'given' &&
        pairs.length > 0 &&
        pairs.every((pair) => pair.negatives.length === 0)
      ) {
        throw withoutNegatives(data);
      }
      const found = checkTraining(train, pairs, spec.seed);
      refused.push(...found.refused);
      warnings.push(...found.warnings);
    });
  }
  if (spec.compare.enabled) {
    const trained = new Map(spec.train.map(({ name, layers }) => [`folder:${name}`, layers]));
    for (const { name, encoder } of systemsOf(spec).flatMap((one) => encodersOf(spec, one))) {
      const layers = encoder.type === 'model' ? trained.get(encoder.source) : undefined;
      if (encoder.type === 'model' && layers !== undefined) {
        const { layer = layers } = encoder;
        if (layer > layers) leftOut.push(`${name}: names layer ${layer}, but it is trained with ${layers}.`);
        continue;
      }
      await attempt(leftOut, name, () => services.comparison.checkSystem(encoder, spec, signal));
    }
    if (spec.compare.rerankDepth > 0) {
      await attempt(leftOut, 'the reranker', () => services.comparison.checkReranker(spec, signal));
    }
  }
  return { refused, leftOut, warnings };
}

async function checkRunFiles(
  collections: readonly Collection[],
  { spec, services, signal }: CheckOptions,
): Promise<string[]> {
  const leftOut: string[] = [];
  const files = spec.compare.enabled ? systemsOf(spec).flatMap((one) => runFilesOf(spec, one)) : [];
  for (const { name, path } of files) {
    await attempt(leftOut, name, async () => {
      let found = 0;
      for (const collection of collections) {
        const file = path.replaceAll('{dataset}', collection.name);
        const options = { ties: spec.ties, least: 1 };
        if (await readRunLists(await services.comparison.openRunFile(file, signal), collection, options))
          found++;
      }
      if (found === 0) throw ranksNoQuery(path, collections);
    });
  }
  return leftOut;
}

/** The encoders that a system runs, with its name. */
function encodersOf(spec: Spec, name: string): { name: string; encoder: Encoder }[] {
  const system = systemNamed(spec, name);
  switch (system.type) {
    case 'bm25':
    case 'run':
      return [];
    case 'fused':
      return system.parts.flatMap((part) => encodersOf(spec, part));
    case 'asymmetric':
      return [system.queries, system.documents].map((one) => ({ name, encoder: readSystem(one) as Encoder }));
    default:
      return [{ name, encoder: system }];
  }
}

function runFilesOf(spec: Spec, name: string): { name: string; path: string }[] {
  const system = systemNamed(spec, name);
  if (system.type === 'run') return [{ name, path: system.file }];
  return system.type === 'fused' ? system.parts.flatMap((part) => runFilesOf(spec, part)) : [];
}

/**
 * Holds the widths of asymmetric systems against each other, by configuration files alone. What cannot be read is
 * left to {@link checkRun} to say.
 * @throws UserError where queries and documents have vectors of two widths
 */
export async function checkWidths({
  spec,
  services,
  signal,
}: Pick<CheckOptions, 'spec' | 'signal'> & {
  readonly services: { readonly comparison: Pick<CompareServices, 'systemWidth'> };
}): Promise<void> {
  const widthOf = async (name: string): Promise<number | null> => {
    try {
      return await services.comparison.systemWidth(readSystem(name) as Encoder, spec, signal);
    } catch (error) {
      if (isUserError(error)) return null;
      throw error;
    }
  };
  for (const system of spec.compare.enabled ? definitionsIn(spec.compare.systems) : []) {
    if ('fuse' in system) continue;
    const [queries, documents] = [await widthOf(system.queries), await widthOf(system.documents)];
    if (queries !== null && documents !== null && queries !== documents) {
      throw unequalWidths(system.name, queries, documents);
    }
  }
}
