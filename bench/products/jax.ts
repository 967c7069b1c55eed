import { defaultDevice, init, numpy as np } from '@jax-js/jax';
import type { ProductOperands, ProductSide } from './side.ts';

export async function jaxProduct({ shape, a, b }: ProductOperands): Promise<ProductSide> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js finds no WebGPU here.');
  defaultDevice('webgpu');
  const { rows, columns, depth } = shape;
  const left = np.array(a).reshape([rows, depth]);
  const right = np.array(b).reshape([depth, columns]);
  await left.blockUntilReady();
  await right.blockUntilReady();
  // A product takes its operands away unless they are given by reference.
  const product = () => np.matmul(left.ref, right.ref);
  return {
    name: 'jax-js',
    async run(repeats) {
      const products = Array.from({ length: repeats }, product);
      for (const one of products) {
        await one.blockUntilReady();
        one.dispose();
      }
    },
    result: async () => (await product().data()) as Float32Array,
    dispose() {
      left.dispose();
      right.dispose();
      return Promise.resolve();
    },
  };
}
