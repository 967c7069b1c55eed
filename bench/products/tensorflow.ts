import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import type { ProductOperands, ProductSide } from './side.ts';

export async function tensorflowProduct({ shape, a, b }: ProductOperands): Promise<ProductSide> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js finds no WebGPU here.');
  await tf.ready();
  const { rows, columns, depth } = shape;
  const left = tf.tensor2d(a, [rows, depth]);
  const right = tf.tensor2d(b, [depth, columns]);
  return {
    name: 'TensorFlow.js',
    async run(repeats) {
      const last = tf.tidy(() => {
        let product = tf.matMul(left, right);
        for (let i = 1; i < repeats; i++) {
          product.dispose();
          product = tf.matMul(left, right);
        }
        // One value comes back behind all that was submitted.
        return tf.slice(product, [0, 0], [1, 1]);
      });
      await last.data();
      last.dispose();
    },
    async result() {
      const product = tf.matMul(left, right);
      const data = (await product.data()) as Float32Array;
      product.dispose();
      return data;
    },
    dispose() {
      left.dispose();
      right.dispose();
      return Promise.resolve();
    },
  };
}
