import { create } from 'zustand';
import type { Machine } from '../lab/models/describeMachine.ts';
import { labClient } from './labClient.ts';
import { type Loadable, loaded } from './loadable.ts';

/** What this browser runs models on. */
export const useMachine = create<{ readonly machine: Loadable<Machine> }>(() => ({
  machine: { status: 'loading' },
}));

export async function askMachine(): Promise<void> {
  useMachine.setState({ machine: await loaded(() => labClient().machine()) });
}
