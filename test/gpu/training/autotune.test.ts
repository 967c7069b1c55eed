import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import { matmulVariants } from '../../../src/gpu/kernels/matmul/variants.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
} from '../../../src/gpu/launchConfiguration.ts';
import { autotune, productShapes } from '../../../src/gpu/training/autotune.ts';
import { testSession } from '../../support/device.ts';

const shape = {
  vocabulary: 30,
  hidden: 24,
  layers: 1,
  heads: 2,
  intermediate: 40,
  positions: 16,
  types: 2,
  epsilon: 1e-12,
};

let session: DeviceSession;
beforeAll(async () => {
  session = await testSession();
});
afterAll(() => session.dispose());

test('out of time, a plan is the default one', async () => {
  const plan = await autotune(session, shape, { software: true, tokens: 33, budget: 0 });
  expect(plan).toEqual(defaultLaunchConfiguration(true));
});

test('a measured plan is made of the candidates, and is plain data', async () => {
  const plan = await autotune(session, shape, { software: true, tokens: 33, budget: 3000 });
  for (const variant of Object.values(plan.matmul)) expect(matmulVariants).toContain(variant);
  expect(plan).toEqual({ ...defaultLaunchConfiguration(true), matmul: plan.matmul });
  expect(JSON.parse(JSON.stringify(plan)) as LaunchConfiguration).toEqual(plan);
});

test('a plan in float16 goes through workgroup memory alone', async () => {
  const options = { software: true, tokens: 33, budget: 3000, precision: 'fp16' } as const;
  const plan = await autotune(session, shape, options);
  expect(plan).toEqual({ ...defaultLaunchConfiguration(true, 'fp16'), matmul: plan.matmul });
  for (const { through } of Object.values(plan.matmul)) expect(through).toBe('workgroup');
});

test('measuring stops when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  const options = { software: true, tokens: 33, budget: 3000, signal };
  await expect(autotune(session, shape, options)).rejects.toThrow('stop');
});

test('the products of a layer are those of its four linear layers, forward and back', () => {
  const work = (orientation: 'nt' | 'nn' | 'tn'): number =>
    productShapes(shape, 7, orientation).reduce((sum, one) => sum + one.rows * one.columns * one.depth, 0);
  expect(work('nt')).toBe(7 * (4 * 24 * 24 + 2 * 24 * 40));
  expect(work('nn')).toBe(work('nt'));
  expect(work('tn')).toBe(work('nt'));
});
