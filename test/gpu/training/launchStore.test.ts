import * as Comlink from 'comlink';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import type { LaunchWorker } from '../../support/launchWorker.ts';

const key = {
  adapter: 'some adapter',
  userAgent: 'some browser',
  appVersion: '1.2.3',
  hidden: 128,
  intermediate: 512,
  precision: 'fp32' as const,
};

const workers: Worker[] = [];
/** A worker of its own remembers nothing but what is stored, as after a reload. */
function freshWorker(): Comlink.Remote<LaunchWorker> {
  const worker = new Worker(new URL('../../support/launchWorker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return Comlink.wrap<LaunchWorker>(worker);
}
beforeEach(() => freshWorker().clear());
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

test('a launch configuration is measured once, and the first one stands after a reload', async () => {
  expect(await freshWorker().remembered(key, 8)).toMatchObject({ plan: { lanes: 8 }, measured: true });
  expect(await freshWorker().remembered(key, 16)).toMatchObject({ plan: { lanes: 8 }, measured: false });
});

test('another adapter, browser, version or width is measured anew', async () => {
  const plans = freshWorker();
  await plans.remembered(key, 8);
  for (const other of [
    { adapter: 'another' },
    { userAgent: 'another' },
    { appVersion: '1.2.4' },
    { hidden: 384 },
    { intermediate: 1536 },
    { precision: 'fp16' as const },
  ]) {
    expect(await plans.remembered({ ...key, ...other }, 16)).toMatchObject({ measured: true });
  }
});

test('of two tabs at once one measures and both go by it', async () => {
  const [a, b] = await Promise.all([freshWorker().remembered(key, 8), freshWorker().remembered(key, 16)]);
  expect(a.plan).toEqual(b.plan);
  expect([a.measured, b.measured].filter(Boolean)).toHaveLength(1);
});

test('measuring that fails is not tried again, measuring that was cancelled is', async () => {
  expect(await freshWorker().failing(key, 'AbortError')).toBe('lost');
  expect(await freshWorker().failing(key, 'OperationError')).toBe('lost');
  expect(await freshWorker().remembered(key, 8)).toEqual({
    plan: defaultLaunchConfiguration(false),
    measured: false,
  });
});
