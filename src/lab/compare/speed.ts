import { Cancelled } from '../../base/userError.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { padBatch } from '../models/batch.ts';
import { isCut } from '../models/cut.ts';
import type { RowEncoder } from '../models/types.ts';
import type { SpeedRow } from '../report/report.ts';
import { quantile } from '../stats/bootstrap.ts';

export interface TimedSystem {
  readonly name: string;
  /** Embeds documents. */
  readonly model: OpenedModel;
  /** Embeds queries, where another one does. */
  readonly queryModel?: OpenedModel;
}

export interface SpeedOptions {
  readonly dataset: string;
  readonly texts: readonly string[];
  readonly queries: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

const rounds = 7;
const batchSize = 32;
/** Enough texts for steady rounds, few enough that the slowest system does not keep the others waiting. */
const mostTexts = 256;
const mostQueries = 60;
/** Texts looked at for each that is timed, so that enough are left where systems cut many. */
const candidates = 4;

/** Evenly spread over the collection, so that short and long ones are as frequent as they are in it. */
function spread(texts: readonly string[], most: number): string[] {
  const count = Math.min(most, texts.length);
  return Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)]!);
}

/**
 * Texts that no encoder cuts: a model that reads less of a text than another is quicker by what it leaves out, which says
 * nothing of its layers. Where every text is cut by some encoder, all of them.
 */
function readWhole(
  texts: readonly string[],
  encoders: readonly RowEncoder[],
  most: number,
): { readonly chosen: string[]; readonly leftOut: number } {
  const looked = spread(texts, candidates * most);
  const whole = looked.filter((text) => !encoders.some((encoder) => isCut(encoder.encode(text))));
  if (whole.length === 0) return { chosen: spread(texts, most), leftOut: 0 };
  return { chosen: spread(whole, most), leftOut: (looked.length - whole.length) / looked.length };
}

const seconds = (): number => performance.now() / 1000;
const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

/**
 * Times systems beside each other on a collection's own texts, those that all of them read whole: the same batches of
 * texts of near-equal length, one system after the other batch by batch, the first one changing from batch to batch, so
 * that what else the machine does falls on all alike. A first round warms up and is not counted. Sessions are the lab's
 * own, of the last layer or of a cut graph, pooled on the device.
 * @param systems the first is the baseline
 */
export async function measureSpeed(
  systems: readonly TimedSystem[],
  { dataset, texts, queries, signal, onProgress }: SpeedOptions,
): Promise<Omit<SpeedRow, 'indexBytes'>[]> {
  const encoders = systems.map(({ model }) => model.encoder);
  const { chosen, leftOut } = readWhole(texts, encoders, mostTexts);
  chosen.sort((a, b) => b.length - a.length);
  const batches: string[][] = [];
  for (let at = 0; at < chosen.length; at += batchSize) batches.push(chosen.slice(at, at + batchSize));
  const asking = systems.map(({ model, queryModel = model }) => ({
    session: queryModel.session,
    encoder: queryModel.queryEncoder ?? queryModel.encoder,
  }));
  const queryEncoders = asking.map(({ encoder }) => encoder);
  const single = readWhole(queries, queryEncoders, mostQueries).chosen;

  const times = systems.map(() => ({ all: [] as number[], encoder: [] as number[], query: [] as number[] }));
  const steps = (rounds + 1) * batches.length + single.length;
  let done = 0;
  const tick = (): void => {
    if (signal.aborted) throw new Cancelled();
    onProgress(++done, steps);
  };
  for (let round = 0; round <= rounds; round++) {
    const sums = systems.map(() => ({ all: 0, encoder: 0 }));
    for (const [b, batch] of batches.entries()) {
      for (let s = 0; s < systems.length; s++) {
        const index = (s + b + round) % systems.length;
        const spent = await timed(systems[index]!.model, batch);
        sums[index]!.all += spent.tokenising + spent.encoding;
        sums[index]!.encoder += spent.encoding;
      }
      tick();
    }
    if (round === 0) continue;
    for (const [i, { all, encoder }] of sums.entries()) {
      times[i]!.all.push(all);
      times[i]!.encoder.push(encoder);
    }
  }
  for (const [q, query] of single.entries()) {
    for (let s = 0; s < systems.length; s++) {
      const index = (s + q) % systems.length;
      const { tokenising, encoding } = await timed(asking[index]!, [query]);
      times[index]!.query.push(1000 * (tokenising + encoding));
    }
    tick();
  }
  const [base] = times;
  return systems.map(({ name, model: { session } }, i) => {
    const own = times[i]!;
    const query = Float64Array.from(own.query).sort();
    return {
      dataset,
      system: name,
      textsPerSecond: chosen.length / median(own.all),
      speedup: median(own.all.map((time, round) => base!.all[round]! / time)),
      encoderTextsPerSecond: chosen.length / median(own.encoder),
      encoderSpeedup: median(own.encoder.map((time, round) => base!.encoder[round]! / time)),
      queryMilliseconds: [quantile(query, 0.5), quantile(query, 0.95)],
      texts: chosen.length,
      rounds,
      parameters: session.info.parameters,
      bytes: session.info.bytes,
      backend: session.info.backend,
      characters: chosen.reduce((sum, text) => sum + text.length, 0) / chosen.length,
      leftOut,
    };
  });
}

async function timed(
  { session, encoder }: Pick<OpenedModel, 'session' | 'encoder'>,
  texts: readonly string[],
): Promise<{ tokenising: number; encoding: number }> {
  const started = seconds();
  const rows = texts.map((text) => encoder.encode(text));
  const tokenised = seconds();
  await session.pooled(padBatch(rows, encoder.padTokenId));
  return { tokenising: tokenised - started, encoding: seconds() - tokenised };
}
