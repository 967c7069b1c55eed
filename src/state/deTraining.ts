import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import { type DeTraining, readDeTraining } from '../lab/report/deTraining.ts';
import type { Loadable } from './loadable.ts';

/** The stored study of how the DE was trained. */
export const useDeTraining = create<{ readonly study: Loadable<DeTraining> }>(() => ({
  study: { status: 'loading' },
}));

let reading: Promise<void> | null = null;

export function readStoredStudy(): Promise<void> {
  reading ??= (async () => {
    try {
      const response = await fetch('stored/de-training.json');
      if (!response.ok) throw new Error('This copy of the page carries no such study.');
      useDeTraining.setState({ study: { status: 'ready', value: readDeTraining(await response.text()) } });
    } catch (error) {
      useDeTraining.setState({ study: { status: 'failed', sentence: sentenceOf(error) } });
    }
  })();
  return reading;
}
