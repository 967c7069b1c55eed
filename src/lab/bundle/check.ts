import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sentenceOf, UserError } from '../../base/userError.ts';
import { gunzip } from '../formats/gzip.ts';
import type { Report, Stage } from '../report/report.ts';
import { runFile } from './manifest.ts';
import type { OpenedBundle } from './open.ts';
import { recompute } from './recompute.ts';

export interface BundleCheck {
  readonly files: number;
  /** What is wrong, a sentence each; none where the bundle is whole and its figures follow from its run files. */
  readonly faults: readonly string[];
  /** Figures that were computed again from run and judgement files. */
  readonly figures: number;
  /** Figures of the reports that no run file is kept of. */
  readonly without: number;
}

/** Sums are taken in another order than in the report. */
const tolerance = 1e-9;

/** Checks every file's hash, and computes every Hits@10 and MRR@10 again for which there is a run file. */
export async function checkBundle({ manifest, runs, files }: OpenedBundle): Promise<BundleCheck> {
  const faults: string[] = [];
  for (const [path, { sha256: expected, bytes }] of Object.entries(manifest.files)) {
    const content = files.get(path);
    if (!content) faults.push(`${path} is missing.`);
    else if (content.length !== bytes || bytesToHex(sha256(content)) !== expected) {
      faults.push(`${path} was changed: its hash is not the one the bundle gives.`);
    }
  }
  for (const path of files.keys()) {
    if (!(path in manifest.files)) faults.push(`${path} was added: the bundle does not name it.`);
  }
  let figures = 0;
  let without = 0;
  for (const { id, report } of runs) {
    const text = async (path: string): Promise<string | null> => {
      const content = files.get(runFile(id, path));
      return content ? new TextDecoder().decode(await gunzip(content, runFile(id, path))) : null;
    };
    for (const { dataset, name, metrics } of measured(report)) {
      const path = `runs/${dataset}/${name}.trec`;
      try {
        const run = await text(path);
        const qrels = await text(`qrels/${dataset}.trec`);
        if (run === null || qrels === null) {
          without += 2;
          continue;
        }
        for (const [metric, value] of Object.entries(recompute(run, qrels, runFile(id, path)))) {
          const said = metrics[metric];
          figures++;
          if (said === undefined || Math.abs(said - value) > tolerance) {
            throw new UserError(`gives ${metric} ${value}, and the report says ${said ?? 'nothing'}.`, {
              file: runFile(id, path),
            });
          }
        }
      } catch (error) {
        faults.push(sentenceOf(error));
      }
    }
  }
  return { files: Object.keys(manifest.files).length, faults, figures, without };
}

interface Measured {
  readonly dataset: string;
  /** System and stage of the run file. */
  readonly name: string;
  readonly metrics: Readonly<Record<string, number>>;
}

function measured({ layerwise, comparison }: Report): Measured[] {
  const nameOf = (system: string, stage: Stage): string => `${system.replaceAll(/[^\w.-]+/g, '-')}.${stage}`;
  return [
    ...layerwise.map(({ dataset, model, layer, metrics }) => ({
      dataset,
      name: `${model}-layer-${layer}.retrieve`,
      metrics,
    })),
    ...comparison.map(({ dataset, system, stage, metrics }) => ({
      dataset,
      name: nameOf(system, stage),
      metrics,
    })),
  ];
}
