import { expect, test } from 'vitest';
import { nodeRuntime } from '../../../bin/node/nodeRuntime.ts';
import { providers, readProvider } from '../../../bin/provider.ts';

test.each(providers)('--provider %s is read', (provider) => {
  expect(readProvider(provider, 'node')).toBe(provider);
});

test('without --provider the self-check decides', () => {
  expect(readProvider(undefined, 'node')).toBe(null);
});

test.each<[string, 'node' | 'browser', string]>([
  ['rocm', 'node', '--provider takes cpu, cuda, webgpu, not "rocm".'],
  ['cpu', 'browser', "--provider belongs to Node; in a browser the spec's `backend` says it."],
])('--provider %s in %s is refused in a sentence', (provider, runtime, sentence) => {
  expect(() => readProvider(provider, runtime)).toThrow(sentence);
});

test('the processor is there, and a provider that is not is told with what to do', async () => {
  const { provider, accelerator } = await nodeRuntime('cpu');
  expect(provider).toBe('cpu');
  // The package comes without CUDA's library, which its own script would fetch.
  expect(accelerator).not.toBe('cuda');
  await expect(nodeRuntime('cuda')).rejects.toThrow(
    /^--provider cuda is not there: onnxruntime-node has no CUDA library here.*; take --provider cpu\.$/,
  );
});
