import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-webgpu';
import type { EncoderShape } from '../../src/base/bertShape.ts';
import type { OptimiserOptions } from '../../src/gpu/training/optimiser.ts';
import type { NamedValues } from '../../src/gpu/training/parameters.ts';
import type { TrainingBatch } from '../../src/gpu/training/trainer.ts';
import { embed } from './bert.ts';

interface Learnt {
  readonly weight: tf.Variable;
  readonly mean: tf.Variable;
  readonly square: tf.Variable;
  readonly decayed: boolean;
}

/** The trainer's step in eager TensorFlow.js on its WebGPU backend: same forward, loss and optimiser. */
export class TensorFlowTrainer {
  readonly #shape: EncoderShape;
  readonly #learnt = new Map<string, Learnt>();
  readonly #options: OptimiserOptions;
  readonly #scale: number;

  private constructor(shape: EncoderShape, weights: NamedValues, options: OptimiserOptions, scale: number) {
    this.#shape = shape;
    this.#options = options;
    this.#scale = scale;
    for (const [name, { shape: size, data }] of weights) {
      const zero = (): tf.Variable => tf.variable(tf.zeros([...size]));
      this.#learnt.set(name, {
        weight: tf.variable(tf.tensor(data, [...size]), true, name),
        mean: zero(),
        square: zero(),
        decayed: name.endsWith('.weight') && !name.includes('LayerNorm'),
      });
    }
  }

  static async create(
    shape: EncoderShape,
    weights: NamedValues,
    options: OptimiserOptions,
    scale: number,
  ): Promise<TensorFlowTrainer> {
    if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js finds no WebGPU here.');
    await tf.ready();
    return new TensorFlowTrainer(shape, weights, options, scale);
  }

  /** One step. @returns the loss, when all is done */
  async step({ queries, documents }: TrainingBatch, learningRate: number, step: number): Promise<number> {
    const loss = tf.tidy(() => {
      const rows = [...queries, ...documents].map((row) => [...row]);
      const ids = tf.tensor2d(rows, undefined, 'int32');
      const { value, grads } = tf.variableGrads(() => this.#loss(ids, queries.length));
      this.#update(grads, learningRate, step + 1);
      return value;
    });
    // Comes back behind all that was submitted.
    const [read] = await loss.data();
    loss.dispose();
    return read ?? Number.NaN;
  }

  #parameter = (name: string): tf.Tensor => this.#known(name).weight;

  #known(name: string): Learnt {
    const known = this.#learnt.get(name);
    if (!known) throw new Error(`There is no parameter ${name}.`);
    return known;
  }

  #loss(ids: tf.Tensor2D, queries: number): tf.Scalar {
    const pooled = embed(ids, this.#shape, this.#parameter);
    const normal = pooled.div(pooled.square().sum(1, true).sqrt()) as tf.Tensor2D;
    const width = this.#shape.hidden;
    const asked = normal.slice([0, 0], [queries, width]);
    const answers = normal.slice([queries, 0], [ids.shape[0] - queries, width]);
    const scores = tf.matMul(asked, answers, false, true).mul<tf.Tensor2D>(this.#scale);
    const right = asked
      .mul(answers.slice([0, 0], [queries, width]))
      .sum(1)
      .mul(this.#scale);
    return tf.logSumExp(scores, 1).sub(right).mean();
  }

  #update(gradients: tf.NamedTensorMap, learningRate: number, t: number): void {
    const { beta1, beta2, epsilon, weightDecay, maxGradNorm } = this.#options;
    const squares = Object.values(gradients).map((one) => one.square().sum());
    // One after another: `addN` would bind them all at once, more than the backend's device allows.
    const norm = squares.reduce((sum, one) => sum.add(one)).sqrt();
    const factor = tf.minimum(1, tf.scalar(maxGradNorm).div(norm.add(1e-6)));
    const stepSize = learningRate / (1 - beta1 ** t);
    const correction = 1 / Math.sqrt(1 - beta2 ** t);
    for (const [name, gradient] of Object.entries(gradients)) {
      const { weight, mean, square, decayed } = this.#known(name);
      const g = gradient.mul(factor);
      mean.assign(mean.mul(beta1).add(g.mul(1 - beta1)));
      square.assign(square.mul(beta2).add(g.square().mul(1 - beta2)));
      const kept = decayed ? weight.mul(1 - learningRate * weightDecay) : weight;
      weight.assign(kept.sub(mean.mul(stepSize).div(square.sqrt().mul(correction).add(epsilon))));
    }
  }

  dispose(): void {
    for (const { weight, mean, square } of this.#learnt.values()) {
      for (const one of [weight, mean, square]) one.dispose();
    }
  }
}
