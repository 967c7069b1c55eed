import type { Ranking, Searcher, SearchOptions } from '../../search/searcher.ts';
import type { DeviceSession } from '../deviceSession.ts';
import { mergeBlock, mostK, normaliseLayers, scoreBlock, scoreTile } from '../kernels/search/search.ts';
import { defaultLaunchConfiguration } from '../launchConfiguration.ts';
import { Pass } from '../pass.ts';

/** Scores held at a time; bounds memory and the time of a dispatch. */
const mostScores = 8 * 2 ** 20;
const mostBlockRows = 1024;
const noRank = 0xffffffff;
const lowest = -3.4028234663852886e38;

/** Multiply-adds of one dispatch, which even a slow GPU ends long before its watchdog. */
const mostWork = 4e9;

/** How much of a search is done at a time. */
function blockSizes(device: GPUDevice, { layers, queries, hiddenSize }: SearchOptions) {
  /** Rows of so many scores each that may be made at once. */
  const most = (scores: number): number =>
    Math.floor(Math.min(mostScores / scores, mostWork / (scores * hiddenSize)));
  const limit = device.limits.maxComputeWorkgroupsPerDimension;
  const queriesAtOnce = Math.max(1, Math.min(queries, limit, most(layers * scoreTile)));
  const blockRows = Math.max(scoreTile, Math.min(mostBlockRows, most(layers * queriesAtOnce)));
  return { queriesAtOnce, blockRows };
}

/** Exact search on a GPU; see {@link createGpuSearcher}. L layers, Q queries, D documents of a block, C columns. */
class GpuSearcher implements Searcher {
  readonly device = 'webgpu';
  readonly #session: DeviceSession;
  readonly #options: SearchOptions;
  readonly #pass: Pass;
  readonly #arena;
  readonly #queriesAtOnce: number;
  readonly #blockRows: number;
  readonly #buffers;
  /** Documents searched so far. */
  #documents = 0;

  constructor(session: DeviceSession, options: SearchOptions) {
    const { layers, queries, hiddenSize, k } = options;
    const { queriesAtOnce, blockRows } = blockSizes(session.device, options);
    this.#session = session;
    this.#options = options;
    this.#queriesAtOnce = queriesAtOnce;
    this.#blockRows = blockRows;
    this.#pass = new Pass(session, defaultLaunchConfiguration(session.software));
    this.#arena = session.arena();
    const padded = 4 * Math.ceil(hiddenSize / 4);
    const make = (label: string, floats: number): GPUBuffer => this.#arena.storage(label, floats * 4);
    this.#buffers = {
      /** (L, Q, C padded) */
      queryUnits: make('query vectors', layers * queries * padded),
      /** (D, L, C) */
      documentVectors: make('a block of documents', blockRows * layers * hiddenSize),
      /** (L, D, C padded) */
      documentUnits: make('a block of documents, normalised', blockRows * layers * padded),
      /** (D) */
      blockRanks: make('tie ranks of a block', blockRows),
      /** (L, Q, D) */
      blockScores: make('scores of a block', layers * queriesAtOnce * blockRows),
      /** (L, Q, k) */
      bestScores: make('best scores', layers * queries * k),
      bestRanks: make('best documents', layers * queries * k),
    };
    const { queue } = session.device;
    queue.writeBuffer(this.#buffers.bestScores, 0, new Float32Array(layers * queries * k).fill(lowest));
    queue.writeBuffer(this.#buffers.bestRanks, 0, new Uint32Array(layers * queries * k).fill(noRank));
    this.#uploadQueries();
  }

  get #cosine(): boolean {
    return (this.#options.similarity ?? 'cosine') === 'cosine';
  }

  #uploadQueries(): void {
    const { layers, queries, hiddenSize: size, queryVectors } = this.#options;
    const given = this.#arena.storage('query vectors as given', queries * layers * size * 4);
    this.#session.device.queue.writeBuffer(given, 0, queryVectors);
    const units = this.#buffers.queryUnits;
    normaliseLayers(this.#pass, { vectors: given, units, rows: queries, layers, size, cosine: this.#cosine });
    this.#pass.submit();
    this.#arena.destroy(given);
  }

  async add(vectors: Float32Array<ArrayBuffer>, rows: Int32Array<ArrayBuffer>): Promise<void> {
    for (let start = 0; start < rows.length; start += this.#blockRows) {
      this.#addBlock(vectors, start, rows.subarray(start, start + this.#blockRows));
    }
    await this.#session.idle();
    this.#documents += rows.length;
  }

  /** @param start row of `vectors` at which the block begins */
  #addBlock(vectors: Float32Array<ArrayBuffer>, start: number, rows: Int32Array<ArrayBuffer>): void {
    const { layers, queries: allQueries, hiddenSize: size, k, tieRanks } = this.#options;
    const { queryUnits, documentVectors, documentUnits, blockRanks, blockScores } = this.#buffers;
    const { bestScores, bestRanks } = this.#buffers;
    const documents = rows.length;
    const { queue } = this.#session.device;
    queue.writeBuffer(documentVectors, 0, vectors, start * layers * size, documents * layers * size);
    queue.writeBuffer(
      blockRanks,
      0,
      Uint32Array.from(rows, (row) => tieRanks?.[row] ?? row),
    );
    normaliseLayers(this.#pass, {
      vectors: documentVectors,
      units: documentUnits,
      rows: documents,
      layers,
      size,
      cosine: this.#cosine,
    });
    for (let firstQuery = 0; firstQuery < allQueries; firstQuery += this.#queriesAtOnce) {
      const queries = Math.min(this.#queriesAtOnce, allQueries - firstQuery);
      const block = { layers, size, queries, firstQuery, allQueries, documents };
      scoreBlock(this.#pass, block, { queryUnits, documentUnits, scores: blockScores });
      mergeBlock(this.#pass, block, k, { blockScores, blockRanks, bestScores, bestRanks });
      // One submission each, which even a slow GPU ends long before its watchdog.
      this.#pass.submit();
    }
  }

  async rankings(): Promise<Ranking[]> {
    const { layers, queries, k, tieRanks } = this.#options;
    const { bestScores, bestRanks } = this.#buffers;
    const allScores = new Float32Array(await this.#session.read(bestScores, layers * queries * k * 4));
    const allRanks = new Uint32Array(await this.#session.read(bestRanks, layers * queries * k * 4));
    if (this.#isVoid(allScores, allRanks)) {
      this.#session.distrust('its lists of documents are empty, all alike or not finite');
      this.#session.throwFault();
    }
    const rowOfRank = tieRanks ? inverse(tieRanks) : null;
    return Array.from({ length: layers }, (_, layer): Ranking => {
      const part = [layer * queries * k, (layer + 1) * queries * k] as const;
      const documents = Int32Array.from(allRanks.subarray(...part), (rank) =>
        rank === noRank ? -1 : (rowOfRank?.[rank] ?? rank),
      );
      const scores = allScores.slice(...part);
      for (const [i, row] of documents.entries()) if (row < 0) scores[i] = Number.NEGATIVE_INFINITY;
      return { documents, scores };
    });
  }

  /** Whether a device that works could not have given these lists, since every list begins with some document. */
  #isVoid(scores: Float32Array, ranks: Uint32Array): boolean {
    const { k } = this.#options;
    if (this.#documents === 0 || k === 0) return false;
    for (let first = 0; first < ranks.length; first += k) {
      if (ranks[first] === noRank || !Number.isFinite(scores[first])) return true;
      if (Math.min(k, this.#documents) > 1 && ranks[first] === ranks[first + 1]) return true;
    }
    return false;
  }

  dispose(): void {
    this.#arena.dispose();
    this.#pass.dispose();
  }
}

/**
 * Exact search on a GPU. Lists stay on the device until they are asked for; documents pass through
 * buffers of one block, so memory does not grow with their number.
 */
export function createGpuSearcher(session: DeviceSession, options: SearchOptions): Searcher {
  if (options.k > mostK) throw new RangeError(`k is ${options.k}; the kernel keeps ${mostK} at most.`);
  return new GpuSearcher(session, options);
}

function inverse(ranks: Int32Array): Int32Array {
  const rows = new Int32Array(ranks.length);
  for (const [row, rank] of ranks.entries()) rows[rank] = row;
  return rows;
}
