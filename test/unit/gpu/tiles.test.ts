import { expect, test } from 'vitest';
import { type Matmul, matmul } from '../../../src/gpu/kernels/matmul/matmul.ts';
import { matmulVariants, type Orientation } from '../../../src/gpu/kernels/matmul/variants.ts';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import type { Pass } from '../../../src/gpu/pass.ts';

const orientations: readonly Orientation[] = ['nt', 'nn', 'tn'];
const throughWorkgroup = matmulVariants.filter(({ through }) => through === 'workgroup');

/** The text of the kernel that a product is made by. */
function codeOf(variant: (typeof matmulVariants)[number], orientation: Orientation): string {
  const codes: string[] = [];
  const configuration = {
    ...defaultLaunchConfiguration(false),
    matmul: { nt: variant, nn: variant, tn: variant },
  };
  const pass = { configuration, dispatch: ({ code }: { code: string }) => codes.push(code) };
  const shape = { rows: 64, columns: 64, depth: 64 };
  matmul(pass as unknown as Pass, { orientation, shape, a: {}, b: {}, c: {} } as unknown as Matmul);
  return codes.join('\n');
}

// 256 invocations once filled a tile as 64 would: each value was read and written four times, to the right result.
test.each(orientations)('a workgroup’s invocations share what they read of a slice (%s)', (orientation) => {
  expect(throughWorkgroup.length).toBeGreaterThan(5);
  for (const variant of throughWorkgroup) {
    const code = codeOf(variant, orientation);
    const invocations = variant.threadsX * variant.threadsY;
    expect(code).toContain(`@workgroup_size(${variant.threadsX}, ${variant.threadsY})`);
    const steps = [...code.matchAll(/thread \+ \d+ \* (\d+)/g)].map(([, step]) => Number(step));
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(new Set(steps)).toEqual(new Set([invocations]));
  }
});
