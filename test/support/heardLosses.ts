import { afterEach, beforeEach } from 'vitest';
import { hearLosses } from '../../src/gpu/lossNotices.ts';

/** What is told of lost GPUs while a test runs; each test of the file begins with none. */
export function heardLosses(): readonly string[] {
  const told: string[] = [];
  let deaf: () => void;
  beforeEach(() => {
    told.length = 0;
    deaf = hearLosses((sentence) => told.push(sentence));
  });
  afterEach(() => deaf());
  return told;
}
