import { describe } from 'vitest';
import { probeAdapter } from '../../src/gpu/adapter.ts';
import { requestFullDevice } from '../../src/gpu/device.ts';
import { createSearcher } from '../../src/gpu/search/createSearcher.ts';
import { searcherSuite } from '../support/searcherSuite.ts';

describe('search by our WGSL kernels', async () => {
  const probe = await probeAdapter(navigator.gpu);
  if (probe.kind === 'none') throw new Error('These tests need a WebGPU adapter, if only a software one.');
  const device = await requestFullDevice(probe.adapter);
  searcherSuite((options) => Promise.resolve(createSearcher(device, options)));
});
