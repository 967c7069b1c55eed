import type { DeviceSession } from '../../src/gpu/deviceSession.ts';
import { matmul } from '../../src/gpu/kernels/matmul/matmul.ts';
import type { Orientation } from '../../src/gpu/kernels/matmul/variants.ts';
import type { LaunchConfiguration } from '../../src/gpu/launchConfiguration.ts';
import { Pass } from '../../src/gpu/pass.ts';
import type { ProductOperands, ProductSide } from './side.ts';

const names: Readonly<Record<Orientation, string>> = { nn: 'x W', nt: 'x Wᵀ', tn: 'xᵀ W' };

/** (height, width) to (width, height) */
function turned(values: Float32Array, height: number, width: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) out[j * height + i] = values[i * width + j]!;
  return out;
}

/** The trainer's kernel, with the operand lying transposed that the orientation says. */
export function ownProduct(
  session: DeviceSession,
  configuration: LaunchConfiguration,
  orientation: Orientation,
  { shape, a, b }: ProductOperands,
): ProductSide {
  const { rows, columns, depth } = shape;
  const pass = new Pass(session, configuration);
  const arena = session.arena();
  const put = (label: string, data: Float32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = arena.storage(label, data.byteLength);
    session.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const operands = {
    a: put('a', orientation === 'tn' ? turned(a, rows, depth) : a),
    b: put('b', orientation === 'nt' ? turned(b, depth, columns) : b),
    c: arena.storage('c', 4 * rows * columns),
  };
  const run = async (repeats: number): Promise<void> => {
    for (let i = 0; i < repeats; i++) matmul(pass, { orientation, shape, ...operands });
    pass.submit();
    await session.idle();
  };
  return {
    name: names[orientation],
    run,
    async result() {
      await run(1);
      return new Float32Array(await session.read(operands.c));
    },
    dispose() {
      arena.dispose();
      pass.dispose();
      return Promise.resolve();
    },
  };
}
