import { create } from 'zustand';
import type { Machine } from '../../workers/lab.ts';
import { sentenceOf } from '../base/userError.ts';
import { labWorker } from './lab.ts';
import type { Loadable } from './loadable.ts';

export type { Machine };

/** What this browser runs models on. */
export const useMachine = create<{ readonly machine: Loadable<Machine> }>(() => ({
  machine: { status: 'loading' },
}));

export async function askMachine(): Promise<void> {
  try {
    useMachine.setState({ machine: { status: 'ready', value: await labWorker().lab.machine() } });
  } catch (error) {
    useMachine.setState({ machine: { status: 'failed', sentence: sentenceOf(error) } });
  }
}
