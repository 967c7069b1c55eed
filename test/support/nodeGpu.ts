import { openNodeGpu } from '../../bin/node/openNodeGpu.ts';

// What a page finds in `navigator`, for tests of kernels that run in Node.
Object.defineProperty(globalThis, 'navigator', { value: { gpu: await openNodeGpu() }, configurable: true });
