import { expect, test } from 'vitest';
import { defineKernel, read, write } from '../../../src/gpu/kernels/defineKernel.ts';
import type { Pass } from '../../../src/gpu/pass.ts';
import { compileError } from '../../../src/gpu/pipelines.ts';

const source = { name: 'test.wgsl', text: 'fn f() -> $value { return x[0] * u.scale; }\n' };

const kernelOf = defineKernel({
  family: 'matmul',
  source,
  constants: { value: 'string' },
  parameters: { rows: 'u32', scale: 'f32' },
  buffers: { x: read('$value'), y: write('vec2f') },
});

test('the struct and the bindings are generated from the declaration', () => {
  expect(kernelOf({ value: 'vec4f' }).code.split('\n')).toEqual([
    'struct Parameters {',
    '  base: u32,',
    '  rows: u32,',
    '  scale: f32,',
    '}',
    '@group(0) @binding(0) var<uniform> u: Parameters;',
    '@group(0) @binding(1) var<storage, read> x: array<vec4f>;',
    '@group(0) @binding(2) var<storage, read_write> y: array<vec2f>;',
    'fn f() -> vec4f { return x[0] * u.scale; }',
  ]);
});

test('a kernel is specialised once for each row of constants', () => {
  expect(kernelOf({ value: 'f32' })).toBe(kernelOf({ value: 'f32' }));
  expect(kernelOf({ value: 'f32' })).not.toBe(kernelOf({ value: 'vec4f' }));
});

test('the uniform has `base` first and the parameters in their order', () => {
  const words = new DataView(new ArrayBuffer(20));
  kernelOf({ value: 'f32' }).writeParameters({ scale: 0.5, rows: 7 }, 3, words, 4);
  expect([words.getUint32(4, true), words.getUint32(8, true), words.getFloat32(12, true)]).toEqual([
    3, 7, 0.5,
  ]);
});

test('an error of the compiler shows the expanded source, each line behind its file and line', () => {
  const { label, lines } = kernelOf({ value: 'f32' });
  const message = compileError(label, lines, [{ lineNum: lines.length, message: 'no such type' }]);
  expect(message.split('\n')[0]).toBe('The kernel "test" does not compile: test.wgsl:1: no such type');
  expect(message).toContain('test, as declared:1 | struct Parameters {');
  expect(message).toMatch(/test\.wgsl:1 +\| fn f\(\) -> f32 .*\n\^+ no such type$/);
});

/** Does not run: that each of these does not compile is what is tested. */
function misuse(pass: Pass, x: GPUBuffer, y: GPUBuffer): void {
  const kernel = kernelOf({ value: 'f32' });
  const buffers = { x, y };
  const parameters = { rows: 1, scale: 1 };
  pass.dispatch(kernel, buffers, parameters, 1);
  // @ts-expect-error A constant is missing.
  kernelOf({});
  // @ts-expect-error A constant is of another type.
  kernelOf({ value: 4 });
  // @ts-expect-error There is no such constant.
  kernelOf({ value: 'f32', vector: true });
  // @ts-expect-error A buffer is missing.
  pass.dispatch(kernel, { x }, parameters, 1);
  // @ts-expect-error There is no such buffer.
  pass.dispatch(kernel, { x, y, z: x }, parameters, 1);
  // @ts-expect-error Nor is there when it comes by a spread.
  pass.dispatch(kernel, { ...buffers, ...{ z: x } }, parameters, 1);
  // @ts-expect-error A buffer has another name.
  pass.dispatch(kernel, { x, out: y }, parameters, 1);
  // @ts-expect-error A parameter is missing.
  pass.dispatch(kernel, buffers, { rows: 1 }, 1);
  // @ts-expect-error There is no such parameter.
  pass.dispatch(kernel, buffers, { ...parameters, columns: 1 }, 1);
  // @ts-expect-error A parameter has another name.
  pass.dispatch(kernel, buffers, { rows: 1, factor: 1 }, 1);
}

test('wrong, missing and additional names are refused by the compiler', () => {
  expect(misuse).toBeTypeOf('function');
});
