/** AssemblyScript, compiled by scripts/wasmKernels.ts: a module for every engine, one with relaxed SIMD; base64. */
declare module '*.ts?wasm' {
  export const plain: string;
  export const relaxed: string;
}
