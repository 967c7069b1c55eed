import type { LayerSession, TokenBatch } from '../types.ts';
import type { OwnReading } from './ownReading.ts';
import { isLinear, type Pooling, poolStates, weightsOf } from './pooling.ts';
import type { Step } from './step.ts';

/** A session of one layer that also gives its states token by token. */
export interface StateSession extends LayerSession {
  /** @returns [rows, tokens, hiddenSize] */
  states(batch: TokenBatch): Promise<Float32Array>;
}

/** Whether a pooling needs states token by token: one that is linear is made by the weights of the graph's product. */
export function needsStates({ modes }: Pooling): boolean {
  return modes.length > 1 || !modes.every(isLinear);
}

/**
 * A session of a model's last layer whose vectors are what the model's own configuration makes of them.
 * @param session its batches have a weight above zero at each token that is pooled
 */
export function ownSession(
  session: LayerSession | StateSession,
  { pooling, steps, dimensions }: Pick<OwnReading, 'pooling' | 'steps' | 'dimensions'>,
): LayerSession {
  const pool = async (batch: TokenBatch): Promise<Float32Array> => {
    const { poolWeights: mask, rows, tokens } = batch;
    const [mode] = pooling.modes;
    if (!needsStates(pooling) && mode) {
      return await session.pooled({ ...batch, poolWeights: weightsOf(mode, mask, rows, tokens) });
    }
    if (!('states' in session)) throw new Error('This pooling needs a session that gives states.');
    return poolStates(pooling, await session.states(batch), mask, rows, tokens);
  };
  return {
    get info() {
      return { ...session.info, hiddenSize: dimensions };
    },
    layers: session.layers,
    pooled: async (batch) => applySteps(steps, await pool(batch), batch.rows, dimensions),
    dispose: () => session.dispose(),
  };
}

/** Applies steps to each of `rows` vectors, whose last one gives `dimensions` numbers. */
export function applySteps(
  steps: readonly Step[],
  vectors: Float32Array,
  rows: number,
  dimensions: number,
): Float32Array<ArrayBuffer> {
  const size = vectors.length / rows;
  const out = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    let vector = vectors.subarray(row * size, (row + 1) * size);
    for (const step of steps) vector = step.apply(vector);
    out.set(vector, row * dimensions);
  }
  return out;
}
