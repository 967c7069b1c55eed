import { create } from 'zustand';
import { hubSourceOf } from '../lab/data/hub/id.ts';
import type { HubChoice, HubPreview } from '../lab/data/hub/preview.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';

/** The data set of the hub that is looked into before it is taken; null for none. */
export const useHubLook = create<{ readonly look: Loadable<HubPreview> | null }>(() => ({ look: null }));

const take = latest<HubPreview>((look) => useHubLook.setState({ look }));

/** @param id as it was typed */
export async function lookInto(id: string, choice: HubChoice = {}): Promise<void> {
  useHubLook.setState({ look: { status: 'loading' } });
  await take(async () => await labClient().previewHub(hubSourceOf(id), choice));
}

export function stopLooking(): void {
  void take(null);
  useHubLook.setState({ look: null });
}
