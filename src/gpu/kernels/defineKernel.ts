import { type Constants, preprocess, type SourceFile, type SourceLine } from './preprocess.ts';
import { remembered } from './remembered.ts';
import { findInclude } from './wgsl.ts';

/** What a kernel's time is counted under. */
export type Family =
  | 'matmul'
  | 'attention'
  | 'layer norm'
  | 'embedding'
  | 'pooling'
  | 'loss'
  | 'gradient norm'
  | 'optimiser'
  | 'search';

/** Scalars only, so that every field is one word. */
export type ParameterTypes = Readonly<Record<string, 'u32' | 'f32'>>;

export interface BufferType {
  readonly access: 'read' | 'write';
  /** WGSL type of an element, in which constants are pasted as in any WGSL. */
  readonly element: string;
}
export type BufferTypes = Readonly<Record<string, BufferType>>;

/** A storage buffer that is only read. */
export function read(element: string): BufferType {
  return { access: 'read', element };
}

/** A storage buffer that is written, and may be read. */
export function write(element: string): BufferType {
  return { access: 'write', element };
}

interface TypeOf {
  readonly number: number;
  readonly boolean: boolean;
  readonly string: string;
}
export type ConstantTypes = Readonly<Record<string, keyof TypeOf>>;
export type ConstantValues<C extends ConstantTypes> = { readonly [K in keyof C]: TypeOf[C[K]] };

export interface Declaration<P extends ParameterTypes, B extends BufferTypes> {
  readonly family: Family;
  /** For labels and messages; the source's name where there is none. */
  readonly label?: string;
  readonly source: SourceFile;
  /** Fields of the uniform `u`, behind `base`. */
  readonly parameters: P;
  /** Storage buffers, in the order of their bindings. */
  readonly buffers: B;
}

let kernelsMade = 0;

/**
 * One compute shader, specialised but not yet compiled for a device. Binding 0 is the uniform `u`, whose first field
 * `base` is added to the workgroup's number, so that a long dispatch can be cut into several.
 */
export class Kernel<P extends ParameterTypes = ParameterTypes, B extends BufferTypes = BufferTypes> {
  readonly id = kernelsMade++;
  readonly label: string;
  readonly family: Family;
  readonly parameters: P;
  readonly buffers: B;
  readonly bufferNames: readonly (keyof B & string)[];
  readonly lines: readonly SourceLine[];
  readonly #fields: readonly (readonly [name: string, type: 'u32' | 'f32'])[];

  constructor({ family, label, source, parameters, buffers }: Declaration<P, B>, constants: Constants) {
    this.label = label ?? source.name.replace(/\.wgsl$/, '');
    this.family = family;
    this.parameters = parameters;
    this.buffers = buffers;
    this.bufferNames = Object.keys(buffers);
    this.#fields = Object.entries(parameters);
    const declared = { name: `${this.label}, as declared`, text: declarations(parameters, buffers) };
    this.lines = preprocess([declared, source], { ...sharedConstants, ...constants }, findInclude);
  }

  get code(): string {
    return this.lines.map(({ text }) => text).join('\n');
  }

  /** Writes the uniform's words to `words` from `at` on. */
  writeParameters(
    values: Readonly<Record<keyof P, number>>,
    base: number,
    words: DataView,
    at: number,
  ): void {
    words.setUint32(at, base, true);
    let place = at;
    for (const [name, type] of this.#fields) {
      place += 4;
      const value = values[name]!;
      if (type === 'f32') words.setFloat32(place, value, true);
      else words.setUint32(place, value, true);
    }
  }
}

/** Invocations of a workgroup of the kernels that take one value each. */
export const threads = 64;
/** Constants that every kernel has. */
const sharedConstants = { threads } as const;

function declarations(parameters: ParameterTypes, buffers: BufferTypes): string {
  const bindings = Object.entries(buffers).map(
    ([name, { access, element }], index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${element}>;`,
  );
  return [
    'struct Parameters {',
    '  base: u32,',
    ...Object.entries(parameters).map(([name, type]) => `  ${name}: ${type},`),
    '}',
    '@group(0) @binding(0) var<uniform> u: Parameters;',
    ...bindings,
  ].join('\n');
}

/**
 * Declares a kernel. The WGSL struct and bindings, and the TypeScript types of a dispatch, come from here.
 * With `constants` it gives a function from their values to the kernel that is specialised to them; each is
 * expanded once.
 */
export function defineKernel<const P extends ParameterTypes, const B extends BufferTypes>(
  declaration: Declaration<P, B> & { readonly constants?: undefined },
): Kernel<P, B>;
export function defineKernel<
  const P extends ParameterTypes,
  const B extends BufferTypes,
  const C extends ConstantTypes,
>(declaration: Declaration<P, B> & { readonly constants: C }): (values: ConstantValues<C>) => Kernel<P, B>;
export function defineKernel<P extends ParameterTypes, B extends BufferTypes, C extends ConstantTypes>(
  declaration: Declaration<P, B> & { readonly constants?: C },
): Kernel<P, B> | ((values: ConstantValues<C>) => Kernel<P, B>) {
  const { constants } = declaration;
  if (!constants) return new Kernel(declaration, {});
  const names = Object.keys(constants);
  const specialise = remembered(
    (...values: readonly (number | boolean | string)[]) =>
      new Kernel(declaration, Object.fromEntries(names.map((name, index) => [name, values[index]!]))),
  );
  return (values) => specialise(...names.map((name) => values[name]!));
}
