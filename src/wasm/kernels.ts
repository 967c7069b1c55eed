/** Pointers are bytes into the memory; shapes and layouts stand with the kernels. */
type Pointer = number;

/** What `kernels/index.ts` exports. */
export interface Kernels {
  matmul(
    c: Pointer,
    rowLength: number,
    a: Pointer,
    b: Pointer,
    bias: Pointer,
    rows: number,
    columns: number,
    inner: number,
  ): void;
  packRows(to: Pointer, from: Pointer, rowLength: number, rows: number, inner: number): void;
  packTransposed(to: Pointer, from: Pointer, rowLength: number, columns: number, inner: number): void;
  packColumns(
    to: Pointer,
    from: Pointer,
    rowLength: number,
    inner: number,
    columns: number,
    rows: number,
  ): void;
  softmax(at: Pointer, rowLength: number, rows: number, columns: number, scale: number): void;
  gelu(at: Pointer, count: number): void;
  tanhGelu(at: Pointer, count: number): void;
  addAndNorm(
    x: Pointer,
    residual: Pointer,
    gamma: Pointer,
    beta: Pointer,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  embed(
    to: Pointer,
    ids: Pointer,
    words: Pointer,
    positions: Pointer,
    kinds: Pointer,
    gamma: Pointer,
    beta: Pointer,
    tokens: number,
    width: number,
    epsilon: number,
  ): void;
  attention(
    to: Pointer,
    qkv: Pointer,
    scratch: Pointer,
    zeros: Pointer,
    tokens: number,
    hidden: number,
    heads: number,
  ): void;
  attentionScratch(tokens: number, d: number): number;
  pool(to: Pointer, states: Pointer, weights: Pointer, tokens: number, width: number): void;
}

/** The two builds: where products and sums are rounded together, sums differ in their last bits. */
export type Build = 'plain' | 'relaxed';

/** Whether this engine runs a build. */
export async function runsBuild(build: Build): Promise<boolean> {
  return WebAssembly.validate(await bytesOf(build));
}

/** The faster build that this engine runs. */
export async function compileKernels(build?: Build): Promise<WebAssembly.Module> {
  const taken = build ?? ((await runsBuild('relaxed')) ? 'relaxed' : 'plain');
  return await WebAssembly.compile(await bytesOf(taken));
}

/** @param memory shared, of at most 65536 pages */
export async function startKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as Kernels;
}

async function bytesOf(build: Build): Promise<Uint8Array<ArrayBuffer>> {
  // Only where they run: outside the page's build they are compiled from AssemblyScript first, which takes seconds.
  const builds = await import('./kernels/index.ts?wasm');
  return Uint8Array.from(atob(builds[build]), (letter) => letter.charCodeAt(0));
}
