import type { OwnKernels } from '../../src/lab/models/readModel.ts';

/** A model's kernels count as checked, so that wrong ones would be seen by a test. */
export const checkedKernels: OwnKernels = {
  checks: {
    read: () => Promise.resolve({ agrees: true, difference: 0, sentence: 'by the own encoder' }),
    write: () => Promise.reject(new Error('Nothing is to be checked.')),
  },
};
