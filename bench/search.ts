import { DeviceSession } from '../src/gpu/deviceSession.ts';
import { createGpuSearcher } from '../src/gpu/search/gpuSearcher.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';
import type { Searcher, SearchOptions } from '../src/search/searcher.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';

function randomVectors(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => Math.random() - 0.5);
}

async function searchOnce(
  searcher: Searcher,
  block: Float32Array<ArrayBuffer>,
  rows: Int32Array<ArrayBuffer>[],
): Promise<void> {
  for (const part of rows) await searcher.add(block, part);
  await searcher.rankings();
  searcher.dispose();
}

/** Exact top-100 search: the kernel against plain TypeScript. A software adapter is no device to judge by. */
export async function benchSearch(log: Log): Promise<BenchRow[]> {
  const session = await DeviceSession.open(navigator.gpu);
  const real = !session.software;
  const [layers, hiddenSize, k] = [7, 384, 100];
  const [queries, perBlock, blocks] = real ? [1000, 2048, 8] : [64, 256, 2];
  const rounds = real ? 7 : 3;
  log(`${layers} layers, ${queries} queries, ${perBlock * blocks} documents, ${session.adapter}`);
  const options: SearchOptions = {
    layers,
    queries,
    hiddenSize,
    queryVectors: randomVectors(queries * layers * hiddenSize),
    k,
    tieRanks: null,
  };
  const block = randomVectors(perBlock * layers * hiddenSize);
  const rows = Array.from({ length: blocks }, (_, b) =>
    Int32Array.from({ length: perBlock }, (_, i) => b * perBlock + i),
  );
  const [gpu, cpu] = (await interleaved(
    [
      () => searchOnce(createGpuSearcher(session, options), block, rows),
      () => searchOnce(createCpuSearcher(options), block, rows),
    ],
    rounds,
  )) as [number[], number[]];
  session.dispose();
  const scores = layers * queries * perBlock * blocks;
  return [
    {
      name: `top-${k} of ${perBlock * blocks} documents, ${queries} queries, ${layers} layers of ${hiddenSize}`,
      ours: scores / median(gpu) / 1e6,
      other: scores / median(cpu) / 1e6,
      against: 'plain TypeScript',
      ratio: medianRatio(gpu, cpu),
      unit: 'million scores/s',
      note: `median of ${rounds} rounds`,
    },
  ];
}
