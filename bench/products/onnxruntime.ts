import { storageBuffer } from '../../src/gpu/buffers.ts';
import { MessageWriter } from '../../src/lab/models/onnx/protobuf.ts';
import { graphField, modelField, nodeField } from '../../src/lab/models/onnx/scan.ts';
import { loadRuntime } from '../../src/lab/models/runtime.ts';
import type { ProductOperands, ProductSide } from './side.ts';

/** A matrix of float32 as a graph's input or output; the numbers are onnx.proto's. */
function matrix(name: string): MessageWriter {
  const axes = new MessageWriter();
  for (const axis of ['height', 'width']) {
    axes.message(1, new MessageWriter().string(2, `${name} ${axis}`));
  }
  const tensor = new MessageWriter().int(1, 1).message(2, axes);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}

/** A model of one MatMul. */
function model(): Uint8Array<ArrayBuffer> {
  const node = new MessageWriter()
    .string(nodeField.input, 'a')
    .string(nodeField.input, 'b')
    .string(nodeField.output, 'c')
    .string(nodeField.opType, 'MatMul');
  const graph = new MessageWriter()
    .message(graphField.node, node)
    .string(2, 'product')
    .message(graphField.input, matrix('a'))
    .message(graphField.input, matrix('b'))
    .message(graphField.output, matrix('c'));
  return new MessageWriter()
    .int(1, 8)
    .message(modelField.graph, graph)
    .message(modelField.opset, new MessageWriter().int(2, 17))
    .finish();
}

export async function onnxruntimeProduct({ shape, a, b }: ProductOperands): Promise<ProductSide> {
  const { rows, columns, depth } = shape;
  const runtime = await loadRuntime('webgpu');
  const session = await runtime.InferenceSession.create(model(), {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = (await runtime.env.webgpu.device) as GPUDevice;
  const put = (label: string, data: Float32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = storageBuffer(device, label, data.byteLength);
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const buffers = { a: put('a', a), b: put('b', b) };
  const feeds = {
    a: runtime.Tensor.fromGpuBuffer(buffers.a, { dataType: 'float32', dims: [rows, depth] }),
    b: runtime.Tensor.fromGpuBuffer(buffers.b, { dataType: 'float32', dims: [depth, columns] }),
  };
  const product = async () => {
    const { c } = await session.run(feeds);
    if (!c) throw new Error('The MatMul gave nothing.');
    return c;
  };
  return {
    name: 'onnxruntime-web',
    async run(repeats) {
      for (let i = 0; i < repeats; i++) (await product()).dispose();
      await device.queue.onSubmittedWorkDone();
    },
    result: async () => (await (await product()).getData(true)) as Float32Array,
    async dispose() {
      for (const buffer of Object.values(buffers)) buffer.destroy();
      await session.release();
    },
  };
}
