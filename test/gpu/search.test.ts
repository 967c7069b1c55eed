import { afterAll, describe } from 'vitest';
import { createSearcher } from '../../src/gpu/search/createSearcher.ts';
import { testSession } from '../support/device.ts';
import { searcherSuite } from '../support/searcherSuite.ts';

describe('search by our WGSL kernels', async () => {
  const session = await testSession();
  afterAll(() => session.dispose());
  searcherSuite((options) => Promise.resolve(createSearcher(session, options)));
});
