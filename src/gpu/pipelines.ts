import type { Kernel } from './kernels/defineKernel.ts';
import type { SourceLine } from './kernels/preprocess.ts';

export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The kernels of one device, each compiled once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #compiled = new Map<Kernel, CompiledKernel>();
  readonly #compiling = new Set<Promise<void>>();
  #fault: Error | null = null;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  of(kernel: Kernel): CompiledKernel {
    const known = this.#compiled.get(kernel);
    if (known) return known;
    const compiled = this.#compile(kernel);
    this.#compiled.set(kernel, compiled);
    return compiled;
  }

  #compile(kernel: Kernel): CompiledKernel {
    const { label, code, buffers } = kernel;
    const uniform: GPUBufferBindingLayout = { type: 'uniform', hasDynamicOffset: true };
    const storage = Object.values(buffers).map(
      ({ access }): GPUBufferBindingLayout => ({
        type: access === 'read' ? 'read-only-storage' : 'storage',
      }),
    );
    const layout = this.#device.createBindGroupLayout({
      label,
      entries: [uniform, ...storage].map((buffer, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer,
      })),
    });
    const module = this.#device.createShaderModule({ label, code });
    this.#watch(kernel, module);
    const pipeline = this.#device.createComputePipeline({
      label,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    return { pipeline, layout };
  }

  #watch(kernel: Kernel, module: GPUShaderModule): void {
    const told = module.getCompilationInfo().then(
      ({ messages }) => {
        const errors = messages.filter(({ type }) => type === 'error');
        if (errors.length > 0) this.#fault ??= new Error(compileError(kernel.label, kernel.lines, errors));
      },
      // The device is lost, which whoever waits for it is told.
      () => {},
    );
    this.#compiling.add(told);
    void told.then(() => this.#compiling.delete(told));
  }

  /** Waits for all compilers' answers. @returns an error with the expanded source of a kernel that does not compile */
  async fault(): Promise<Error | null> {
    if (this.#compiling.size > 0) await Promise.all(this.#compiling);
    return this.#fault;
  }
}

/** The expanded source, each line behind the file and line it came from, errors below the lines they are about. */
export function compileError(
  label: string,
  lines: readonly SourceLine[],
  errors: readonly { readonly lineNum: number; readonly message: string }[],
): string {
  const origins = lines.map(({ file, line }) => `${file}:${line}`);
  const width = Math.max(...origins.map(({ length }) => length));
  const listing = lines.flatMap(({ text }, index) => [
    `${origins[index]!.padEnd(width)} | ${text}`,
    ...errors
      .filter(({ lineNum }) => lineNum === index + 1)
      .map(({ message }) => `${'^'.repeat(width)} ${message}`),
  ]);
  const [{ lineNum, message }] = errors as [(typeof errors)[number]];
  return `The kernel "${label}" does not compile: ${origins[lineNum - 1] ?? 'at its end'}: ${message}\n${listing.join('\n')}`;
}
