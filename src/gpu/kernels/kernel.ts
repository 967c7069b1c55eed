import { type Constants, specialise } from './template.ts';

/** What a kernel's time is counted under. */
export type Family =
  | 'matmul'
  | 'attention'
  | 'layer norm'
  | 'embedding'
  | 'pooling'
  | 'loss'
  | 'gradient norm'
  | 'optimiser';

interface Field {
  readonly name: string;
  readonly type: 'u32' | 'f32';
}

/** Reads `struct Parameters { a: u32, b: f32, }`: scalars only, so that every field is one word. */
function parseFields(code: string): Field[] {
  const body = /struct Parameters \{([^}]*)\}/.exec(code)?.[1];
  if (body === undefined) throw new Error('A kernel has no struct Parameters.');
  return [...body.matchAll(/(\w+)\s*:\s*(u32|f32)/g)].map((found) => ({
    name: found[1] ?? '',
    type: found[2] === 'f32' ? 'f32' : 'u32',
  }));
}

function parseLayout(code: string): GPUBindGroupLayoutEntry[] {
  const declared = /@group\(0\) @binding\((\d+)\) var<(uniform|storage, read_write|storage, read)>/g;
  return [...code.matchAll(declared)].map((found) => ({
    binding: Number(found[1]),
    visibility: GPUShaderStage.COMPUTE,
    buffer:
      found[2] === 'uniform'
        ? { type: 'uniform', hasDynamicOffset: true }
        : { type: found[2] === 'storage, read' ? 'read-only-storage' : 'storage' },
  }));
}

let kernelsMade = 0;

/**
 * One compiled compute shader. Its text declares binding 0 as a uniform `Parameters`, whose first field
 * `base` is added to the workgroup index, so that a long dispatch can be cut into several.
 */
export class Kernel {
  readonly id = kernelsMade++;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly fields: readonly Field[];
  readonly family: Family;
  /** Storage buffers it takes, in the order of their bindings. */
  readonly storageCount: number;

  constructor(device: GPUDevice, family: Family, label: string, source: string, constants: Constants) {
    const code = specialise(source, constants);
    this.family = family;
    this.fields = parseFields(code);
    const entries = parseLayout(code);
    this.storageCount = entries.length - 1;
    this.layout = device.createBindGroupLayout({ label, entries });
    this.pipeline = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [this.layout] }),
      compute: { module: device.createShaderModule({ label, code }), entryPoint: 'main' },
    });
  }

  /** Writes the parameters' words to `words` from `at` on. */
  writeParameters(values: Readonly<Record<string, number>>, words: DataView, at: number): void {
    for (let i = 0; i < this.fields.length; i++) {
      const field = this.fields[i];
      const value = field && values[field.name];
      if (!field || value === undefined)
        throw new Error(`${this.pipeline.label} is not given ${field?.name}.`);
      if (field.type === 'f32') words.setFloat32(at + 4 * i, value, true);
      else words.setUint32(at + 4 * i, value, true);
    }
  }
}

/** Kernels by what they are specialised to: each is compiled once a device. */
export class KernelCache {
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Kernel>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  has(feature: GPUFeatureName): boolean {
    return this.#device.features.has(feature);
  }

  get(family: Family, name: string, source: string, constants: Constants): Kernel {
    const key = `${name} ${JSON.stringify(constants)}`;
    const known = this.#kernels.get(key);
    if (known) return known;
    const kernel = new Kernel(this.#device, family, name, source, constants);
    this.#kernels.set(key, kernel);
    return kernel;
  }
}
