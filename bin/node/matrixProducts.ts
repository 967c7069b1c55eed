import type { MatrixProducts, ProductsShape } from '../../src/base/matrixProducts.ts';
import { dataType, GraphWriter, valueMessage } from '../../src/lab/models/onnx/graphWriter.ts';

/** Products by onnxruntime's own matrix multiplication, on the processor. */
export function matrixProducts(runtime: typeof import('onnxruntime-node'), threads: number): MatrixProducts {
  const { InferenceSession, Tensor } = runtime;
  let opened: Promise<import('onnxruntime-node').InferenceSession> | null = null;
  let made = new Float32Array(0);
  return async (a, b, { rows, others, width }: ProductsShape) => {
    opened ??= InferenceSession.create(productsGraph(), {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
    });
    const session = await opened;
    const count = rows * others;
    if (made.length < count) made = new Float32Array(count);
    const products = made.subarray(0, count);
    await session.run(
      { a: new Tensor('float32', a, [rows, width]), b: new Tensor('float32', b, [others, width]) },
      // Into memory that is there, so that it does not grow with every block.
      { products: new Tensor('float32', products, [rows, others]) },
    );
    return products;
  };
}

/** a bᵀ */
function productsGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphWriter();
  const output = graph.node('Gemm', 'products', ['a', 'b'], { transB: { int: 1 } }, 'products');
  return graph.finish(
    [
      valueMessage('a', dataType.float, ['rows', 'width']),
      valueMessage('b', dataType.float, ['others', 'width']),
    ],
    [valueMessage(output, dataType.float, ['rows', 'others'])],
  );
}
