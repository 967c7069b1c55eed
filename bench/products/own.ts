import { readBack, settled, storageBuffer } from '../../src/gpu/buffers.ts';
import { KernelCache } from '../../src/gpu/kernels/kernel.ts';
import { matmul, type Orientation } from '../../src/gpu/kernels/matmul.ts';
import { Recorder } from '../../src/gpu/recorder.ts';
import type { KernelPlan } from '../../src/gpu/training/plan.ts';
import type { ProductOperands, ProductSide } from './side.ts';

const names: Readonly<Record<Orientation, string>> = { nn: 'x W', nt: 'x Wᵀ', tn: 'xᵀ W' };

/** [height, width] to [width, height] */
function turned(values: Float32Array, height: number, width: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) out[j * height + i] = values[i * width + j]!;
  return out;
}

/** The trainer's kernel, with the operand lying transposed that the orientation says. */
export function ownProduct(
  device: GPUDevice,
  plan: KernelPlan,
  orientation: Orientation,
  { shape, a, b }: ProductOperands,
): ProductSide {
  const { rows, columns, depth } = shape;
  const recorder = new Recorder(device);
  const kernels = new KernelCache(device);
  const put = (label: string, data: Float32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = storageBuffer(device, label, data.byteLength);
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const operands = {
    a: put('a', orientation === 'tn' ? turned(a, rows, depth) : a),
    b: put('b', orientation === 'nt' ? turned(b, depth, columns) : b),
    c: storageBuffer(device, 'c', 4 * rows * columns),
  };
  const run = async (repeats: number): Promise<void> => {
    for (let i = 0; i < repeats; i++) {
      matmul(recorder, kernels, orientation, plan.matmul[orientation], shape, operands);
    }
    recorder.submit();
    await settled(device, device.queue.onSubmittedWorkDone());
  };
  return {
    name: names[orientation],
    run,
    async result() {
      await run(1);
      return new Float32Array(await readBack(device, operands.c));
    },
    dispose() {
      for (const buffer of Object.values(operands)) buffer.destroy();
      recorder.dispose();
      return Promise.resolve();
    },
  };
}
