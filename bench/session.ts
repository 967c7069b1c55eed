import { openLayerSession, openPlainSession } from '../src/lab/models/session.ts';
import type { Backend, ModelKind } from '../src/lab/models/types.ts';
import { benchAdapter } from './adapter.ts';
import { batchesOf, bundledEncoder, bundledModel, bundledTexts, modelNames, ownKernels } from './bundled.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';

/** Texts and rounds: a software adapter runs a model some fifty times slower than the processor. */
const workOf = (backend: Backend, software: boolean): { texts: number; rounds: number } => {
  if (backend === 'wasm') return { texts: 256, rounds: 11 };
  return software ? { texts: 4, rounds: 9 } : { texts: 1024, rounds: 21 };
};

async function compare(kind: ModelKind, backend: Backend, software: boolean): Promise<BenchRow[]> {
  const { texts, rounds } = workOf(backend, software);
  const files = await bundledModel(kind);
  const batches = batchesOf(await bundledTexts('foldoc', texts), await bundledEncoder(kind, files), backend);
  const options = { files, kind, dtype: 'fp32', backend, adapter: await benchAdapter() } as const;
  const plain = await openPlainSession(options);
  const all = await openLayerSession(options, null);
  const early = await openLayerSession(options, [0, 1, 2]);
  const ownAll = await openLayerSession({ ...options, ownKernels }, null);
  const ownPlain = await openPlainSession({ ...options, ownKernels });
  const [patched, unpatched, cut, own, ownLast] = (await interleaved(
    [
      async () => {
        for (const batch of batches) await all.pooled(batch);
      },
      async () => {
        for (const batch of batches) await plain.run(batch);
      },
      async () => {
        for (const batch of batches) await early.pooled(batch);
      },
      async () => {
        for (const batch of batches) await ownAll.pooled(batch);
      },
      async () => {
        for (const batch of batches) await ownPlain.run(batch);
      },
    ],
    rounds,
  )) as [number[], number[], number[], number[], number[]];
  for (const session of [ownAll, ownPlain]) await session.dispose();
  await plain.dispose();
  await all.dispose();
  await early.dispose();
  const row = (name: string, ours: number[]): BenchRow => ({
    name: `${modelNames[kind]}, ${name}, ${backend}`,
    ours: median(ours) * 1000,
    other: median(unpatched) * 1000,
    against: 'the plain model, same batches',
    ratio: medianRatio(ours, unpatched),
    unit: 'ms',
    note: `takes ${(1 / medianRatio(ours, unpatched)).toFixed(3)} times the plain model's time, ${texts} texts, median of ${rounds} rounds`,
  });
  const rows = [row('every layer pooled', patched), row('cut behind layer 2', cut)];
  // Elsewhere these are what the others are.
  if (ownAll.info.unpadded) rows.push(row('every layer pooled, own kernels', own));
  if (ownPlain.info.unpadded) rows.push(row('logits, own kernels', ownLast));
  return rows;
}

/** The session with every layer's pooled vectors against the model as it is in its file. */
export async function benchSession(log: Log): Promise<BenchRow[]> {
  const adapter = await benchAdapter();
  const backends: Backend[] = adapter.kind === 'none' ? ['wasm'] : ['wasm', 'webgpu'];
  const rows: BenchRow[] = [];
  for (const backend of backends) {
    for (const kind of ['ce', 'de'] as const) {
      log(`${modelNames[kind]} on ${backend}`);
      rows.push(...(await compare(kind, backend, adapter.kind === 'software')));
    }
  }
  return rows;
}
