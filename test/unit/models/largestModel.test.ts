import { expect, test, vi } from 'vitest';
import { refuseTooLarge, withRoom } from '../../../src/lab/models/largestModel.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

/** Files of sizes in GB. */
function listing(sizes: Readonly<Record<string, number>>): ModelFiles {
  const never = (): Promise<never> => Promise.reject(new Error('Nothing is read.'));
  return {
    source: 'hub:owner/name@c0ffee',
    has: (path) => Promise.resolve(path in sizes),
    size: (path) => Promise.resolve(path in sizes ? (sizes[path] ?? 0) * 1e9 : null),
    text: never,
    bytes: never,
  };
}

const path = 'onnx/model.onnx';

test.each<[string, Record<string, number>, { graph: number; beside?: number }, string]>([
  [
    'a graph in one file above 2 GiB',
    { [path]: 2.24, 'onnx/model_quantized.onnx': 0.56 },
    { graph: 2.24e9 },
    'is 2.24 GB, more than the 2.15 GB that a graph in one file can have; choose the dtype q8 (560.0 MB).',
  ],
  [
    'weights beside the graph above what 32 bits address',
    { [path]: 0.001, 'onnx/model_fp16.onnx': 2, 'onnx/model_quantized.onnx': 3.7 },
    { graph: 1e6, beside: 4e9 },
    "is 4.00 GB, more than the 3.50 GB that a browser's runtime can hold; choose the dtype fp16 (2.00 GB).",
  ],
  [
    'a model without another export',
    { [path]: 7 },
    { graph: 7e9 },
    'is 7.00 GB, more than the 2.15 GB that a graph in one file can have; choose a smaller model, or an export in q8.',
  ],
])('%s is refused before it is read, with what would fit', async (_, sizes, size, sentence) => {
  await expect(refuseTooLarge(listing(sizes), path, size)).rejects.toThrow(
    `hub:owner/name@c0ffee/onnx/model.onnx: ${sentence}`,
  );
});

test('a model that fits, or of unknown size, is read', async () => {
  await refuseTooLarge(listing({ [path]: 1.3 }), path, { graph: 1.3e9 });
  await refuseTooLarge(listing({ [path]: 0.001 }), path, { graph: 1e6, beside: 3e9 });
  await refuseTooLarge(listing({}), path, { graph: 0 });
});

test.each([
  new RangeError('Array buffer allocation failed'),
  new RangeError('Invalid typed array length: 4294967296'),
  new Error("Can't create a session. failed to allocate a buffer of size 2147483000."),
  new Error('std::bad_alloc'),
])('memory that runs out over a model ($message) is one sentence with what would fit', async (error) => {
  const files = listing({ [path]: 1.9, 'onnx/model_quantized.onnx': 0.5 });
  await expect(withRoom(files, () => Promise.reject(error))).rejects.toThrow(
    'hub:owner/name@c0ffee: takes more memory than this tab has left; choose the dtype q8 (500.0 MB).',
  );
});

test('another fault stays what it is', async () => {
  const fault = new RangeError('Maximum call stack size exceeded');
  await expect(withRoom(listing({}), () => Promise.reject(fault))).rejects.toBe(fault);
});
