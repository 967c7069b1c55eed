import type { Ranking, Searcher, SearchOptions } from '../../search/searcher.ts';
import { readBack, settled, storageBuffer, uniformBuffer } from '../buffers.ts';
import source from '../kernels/search.wgsl?raw';

/** The kernel holds a list in workgroup memory. */
export const mostK = 1024;

/** Scores held at a time; bounds memory and the time of a dispatch. */
const mostScores = 8 * 2 ** 20;
const mostBlockRows = 1024;
const tile = 64;
const noRank = 0xffffffff;
const lowest = -3.4028234663852886e38;

/** Multiply-adds of one dispatch, which even a slow GPU ends long before its watchdog. */
const mostWork = 4e9;

interface Shape {
  rows: number;
  queries: number;
  firstQuery: number;
  documents: number;
}

/**
 * Exact search on a GPU. Lists stay on the device until they are asked for; documents pass through
 * buffers of one block, so memory does not grow with their number.
 */
export function createGpuSearcher(device: GPUDevice, options: SearchOptions): Searcher {
  const { layers, queries, hiddenSize: size, k, tieRanks, similarity = 'cosine' } = options;
  if (k > mostK) throw new RangeError(`k is ${k}; the kernel keeps ${mostK} at most.`);
  const width = Math.ceil(size / 4);
  const queriesAtOnce = Math.max(
    1,
    Math.min(
      queries,
      device.limits.maxComputeWorkgroupsPerDimension,
      Math.floor(mostScores / (layers * tile)),
      Math.floor(mostWork / (layers * tile * size)),
    ),
  );
  const blockRows = Math.max(
    tile,
    Math.min(
      mostBlockRows,
      Math.floor(mostScores / (layers * queriesAtOnce)),
      Math.floor(mostWork / (layers * queriesAtOnce * size)),
    ),
  );

  const module = device.createShaderModule({ label: 'search', code: source });
  const pipeline = (entryPoint: string): GPUComputePipeline =>
    device.createComputePipeline({ label: entryPoint, layout: 'auto', compute: { module, entryPoint } });
  const normalise = pipeline('normalise');
  const scores = pipeline('scores');
  const merge = pipeline('merge');

  const buffers: GPUBuffer[] = [];
  const buffer = (label: string, floats: number): GPUBuffer => {
    const made = storageBuffer(device, label, floats * 4);
    buffers.push(made);
    return made;
  };
  const queryUnits = buffer('query vectors', layers * queries * width * 4);
  const documentVectors = buffer('a block of documents', blockRows * layers * size);
  const documentUnits = buffer('a block of documents, normalised', blockRows * layers * width * 4);
  const documentRanks = buffer('tie ranks of a block', blockRows);
  const blockScores = buffer('scores of a block', layers * queriesAtOnce * blockRows);
  const bestScores = buffer('best scores', layers * queries * k);
  const bestRanks = buffer('best documents', layers * queries * k);
  device.queue.writeBuffer(bestScores, 0, new Float32Array(layers * queries * k).fill(lowest));
  device.queue.writeBuffer(bestRanks, 0, new Uint32Array(layers * queries * k).fill(noRank));

  const rowOfRank = tieRanks ? inverse(tieRanks) : null;

  /** Runs kernels that share a shape, and gives the shape's buffer back once they are done. */
  const encode = (
    shape: Shape,
    passes: readonly {
      pipeline: GPUComputePipeline;
      bound: readonly GPUBuffer[];
      groups: [number, number, number];
    }[],
  ): void => {
    const uniform = uniformBuffer(device, 'shape', [
      shape.rows,
      layers,
      size,
      width,
      shape.queries,
      shape.firstQuery,
      queries,
      shape.documents,
      k,
      similarity === 'cosine' ? 1 : 0,
    ]);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { pipeline, bound, groups } of passes) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: [uniform, ...bound].map((one, binding) => ({ binding, resource: { buffer: one } })),
        }),
      );
      pass.dispatchWorkgroups(...groups);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
    uniform.destroy();
  };

  const normaliseInto = (vectors: GPUBuffer, units: GPUBuffer, rows: number): void =>
    encode({ rows, queries: 0, firstQuery: 0, documents: 0 }, [
      { pipeline: normalise, bound: [vectors, units], groups: [rows, layers, 1] },
    ]);

  // Queries are normalised part by part: all at once might be more workgroups than a dispatch may have.
  const uploadQueries = (): void => {
    const vectors = storageBuffer(device, 'query vectors as given', queries * layers * size * 4);
    device.queue.writeBuffer(vectors, 0, options.queryVectors);
    normaliseInto(vectors, queryUnits, queries);
    vectors.destroy();
  };
  uploadQueries();

  return {
    device: 'webgpu',
    async add(vectors, rows) {
      for (let start = 0; start < rows.length; start += blockRows) {
        const count = Math.min(blockRows, rows.length - start);
        const from = start * layers * size;
        device.queue.writeBuffer(documentVectors, 0, vectors, from, count * layers * size);
        const ranks = Uint32Array.from(rows.subarray(start, start + count), (row) => tieRanks?.[row] ?? row);
        device.queue.writeBuffer(documentRanks, 0, ranks);
        normaliseInto(documentVectors, documentUnits, count);
        for (let firstQuery = 0; firstQuery < queries; firstQuery += queriesAtOnce) {
          const some = Math.min(queriesAtOnce, queries - firstQuery);
          encode({ rows: count, queries: some, firstQuery, documents: count }, [
            {
              pipeline: scores,
              bound: [queryUnits, documentUnits, blockScores],
              groups: [Math.ceil(count / tile), Math.ceil(some / tile), layers],
            },
            {
              pipeline: merge,
              bound: [blockScores, documentRanks, bestScores, bestRanks],
              groups: [some, layers, 1],
            },
          ]);
        }
      }
      await settled(device, device.queue.onSubmittedWorkDone());
    },

    async rankings() {
      const allScores = new Float32Array(await readBack(device, bestScores, layers * queries * k * 4));
      const allRanks = new Uint32Array(await readBack(device, bestRanks, layers * queries * k * 4));
      return Array.from({ length: layers }, (_, layer): Ranking => {
        const part = [layer * queries * k, (layer + 1) * queries * k] as const;
        const documents = Int32Array.from(allRanks.subarray(...part), (rank) =>
          rank === noRank ? -1 : (rowOfRank?.[rank] ?? rank),
        );
        const scoresOf = allScores.slice(...part);
        for (const [i, row] of documents.entries()) if (row < 0) scoresOf[i] = Number.NEGATIVE_INFINITY;
        return { documents, scores: scoresOf };
      });
    },

    dispose() {
      for (const one of buffers) one.destroy();
    },
  };
}

function inverse(ranks: Int32Array): Int32Array {
  const rows = new Int32Array(ranks.length);
  for (const [row, rank] of ranks.entries()) rows[rank] = row;
  return rows;
}
