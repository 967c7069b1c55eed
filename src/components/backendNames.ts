/** What runs a model, as pages name it. */
export const backendNames: Readonly<Record<string, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cuda: 'CUDA',
  cpu: 'the processor',
};
