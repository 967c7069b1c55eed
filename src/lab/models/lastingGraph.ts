import { sentenceOf } from '../../base/userError.ts';
import { DeviceLost } from '../../gpu/deviceLost.ts';
import { tellLoss } from '../../gpu/lossNotices.ts';
import type { ChosenBackend } from './backend.ts';
import { batchingFor } from './batching.ts';
import { type OpenedGraph, type OpenGraph, openGraph, type Part } from './openedGraph.ts';
import { type KnownModel, type ReadModel, readAgain, type SessionOptions } from './readModel.ts';
import { processorBackend, threadCount } from './runtime.ts';
import type { SessionInfo, TokenBatch } from './types.ts';

export interface Opening {
  readonly options: SessionOptions;
  readonly read: ReadModel;
  /** What the runtime is given of the model. */
  readonly patch: (read: ReadModel) => Uint8Array<ArrayBuffer>;
  /** What {@link patch} makes of `read`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it takes pooling weights. */
  readonly pooled: boolean;
  /** Where it is run; here without. */
  readonly open?: OpenGraph;
}

/** A graph that outlives its device. */
export interface LastingGraph extends OpenedGraph {
  /** What a session says of itself, with what runs it by now. */
  now(info: SessionInfo): SessionInfo;
}

/**
 * Opens a graph that goes on by itself when its device is lost: the batch in work is run again on a new device, and
 * after a second loss on the processor. The model's files are read again for that, and not held in memory until then.
 * A device whose results are all zero or not finite counts as lost. Everything that runs a model runs it by this.
 * @throws UserError as {@link openGraph}
 */
export async function openLastingGraph({ read, bytes, ...opening }: Opening): Promise<LastingGraph> {
  const { model: _model, external: _external, ...known } = read;
  const lasting = opening.options.lasting !== false && known.chosen.backend === 'webgpu';
  const { open = openGraph, pooled } = opening;
  if (!lasting) return { ...(await open(read, bytes, pooled)), now: unchanged };
  const survivor = new Survivor(known, opening);
  await survivor.open(() => open(read, bytes, pooled));
  return survivor;
}

// Not where the model is opened, whose bytes it would hold.
const unchanged: LastingGraph['now'] = (info) => info;

const nothing = 'it gave zeros or no numbers';

class Survivor implements LastingGraph {
  readonly #known: KnownModel;
  readonly #opening: Omit<Opening, 'read' | 'bytes'>;
  #chosen: ChosenBackend;
  /** null from a loss until it is open again. */
  #graph: OpenedGraph | null = null;
  #losses = 0;
  #lastWhy = '';
  #outputNames: readonly string[] = [];

  constructor(known: KnownModel, opening: Omit<Opening, 'read' | 'bytes'>) {
    this.#known = known;
    this.#opening = opening;
    this.#chosen = known.chosen;
  }

  get outputNames(): readonly string[] {
    return this.#outputNames;
  }

  get device(): OpenedGraph['device'] {
    return this.#graph?.device ?? null;
  }

  now(info: SessionInfo): SessionInfo {
    const { backend, why } = this.#chosen;
    if (backend === 'webgpu') return info;
    return { ...info, backend, why: `${info.why}; ${why}`, threads: threadCount() };
  }

  async run(batch: TokenBatch, names: readonly string[] | null): Promise<Part[]> {
    for (;;) {
      try {
        const graph = await this.open(() => this.#reopen());
        if (this.#chosen.backend !== 'webgpu') return await pieceByPiece(graph, batch, names);
        const parts = await graph.run(batch, names);
        if (!parts.every(isVoid)) return parts;
        graph.device?.distrust(nothing);
        throw new DeviceLost(nothing);
      } catch (error) {
        if (!(error instanceof DeviceLost)) throw error;
        await this.#lose(error.why);
      }
    }
  }

  /** @param begin opens it, where it is not open */
  async open(begin: () => Promise<OpenedGraph>): Promise<OpenedGraph> {
    for (let how = begin; !this.#graph; how = () => this.#reopen()) {
      try {
        this.#graph = await how();
        this.#outputNames = this.#graph.outputNames;
      } catch (error) {
        if (!(error instanceof DeviceLost)) throw error;
        await this.#lose(error.why);
      }
    }
    return this.#graph;
  }

  async #lose(why: string): Promise<void> {
    const graph = this.#graph;
    this.#graph = null;
    this.#losses++;
    if (this.#losses > 1) {
      this.#chosen = {
        backend: processorBackend(),
        why: `the GPU was lost (${why}), and what came after ran on the processor`,
      };
    }
    this.#lastWhy = why;
    // A session on a lost device holds memory of the runtime, but may not be able to let go of it.
    await graph?.release().catch(() => {});
  }

  /** Opens what was lost, on a new device or on the processor, and tells so. */
  async #reopen(): Promise<OpenedGraph> {
    const { options, patch, pooled, open = openGraph } = this.#opening;
    const { backend } = this.#chosen;
    const read = await readAgain(options, this.#known, this.#chosen);
    try {
      const graph = await open(read, patch(read), pooled);
      tellLoss(this.#lastWhy, backend === 'webgpu' ? 'device' : 'processor');
      return graph;
    } catch (error) {
      // Where no other device is to be had, the processor comes sooner.
      if (backend !== 'webgpu' || error instanceof DeviceLost) throw error;
      throw new DeviceLost(sentenceOf(error).replace(/\.$/, ''));
    }
  }

  async release(): Promise<void> {
    await this.#graph?.release();
  }
}

/** Batches are cut for the device that a model began on; the processor takes them in parts of its own size. */
async function pieceByPiece(
  graph: OpenedGraph,
  batch: TokenBatch,
  names: readonly string[] | null,
): Promise<Part[]> {
  const rows = Math.max(1, Math.floor(batchingFor({ backend: processorBackend() }).tokens / batch.tokens));
  const parts: Part[] = [];
  for (let from = 0; from < batch.rows; from += rows) {
    parts.push(...(await graph.run(rowsFrom(batch, from, rows), names)));
  }
  return parts;
}

function rowsFrom(batch: TokenBatch, from: number, count: number): TokenBatch {
  const rows = Math.min(count, batch.rows - from);
  const part = [from * batch.tokens, (from + rows) * batch.tokens] as const;
  return {
    rows,
    tokens: batch.tokens,
    inputIds: batch.inputIds.subarray(...part),
    attentionMask: batch.attentionMask.subarray(...part),
    tokenTypeIds: batch.tokenTypeIds.subarray(...part),
    poolWeights: batch.poolWeights.subarray(...part),
  };
}

/** Whether everything that a run gave is zero or not finite; whatever a model is, its device did not compute that. */
function isVoid({ outputs }: Part): boolean {
  const given = [...outputs.values()].filter(({ data }) => data.length > 0);
  return given.length > 0 && given.every(({ data }) => !data.some((x) => x !== 0 && Number.isFinite(x)));
}
