import { describe } from 'vitest';
import { createCpuSearcher } from '../../../src/search/cpuSearcher.ts';
import { searcherSuite } from '../../support/searcherSuite.ts';

describe('search in plain TypeScript', () => {
  searcherSuite((options) => Promise.resolve(createCpuSearcher(options)));
});
