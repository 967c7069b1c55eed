import { z } from 'zod';
import { create } from 'zustand';
import { bundledCollections } from '../lab/spec/defaults.ts';

/** What the settings say of a collection before it is read. */
export interface CollectionCard {
  readonly source: string;
  readonly name: string;
  readonly title: string;
  readonly about?: string;
  readonly licence?: string;
  readonly queries?: number;
  readonly documents?: number;
}

const cardSchema = z.object({
  title: z.string(),
  about: z.string().optional(),
  licence: z.string().optional(),
  queries: z.number().optional(),
  documents: z.number().optional(),
});

export function nameOf(source: string): string {
  return source.slice(source.indexOf(':') + 1);
}

export const useCollections = create<{ readonly bundled: readonly CollectionCard[] }>(() => ({
  bundled: bundledCollections.map((source) => ({ source, name: nameOf(source), title: nameOf(source) })),
}));

/** Reads the bundled collections' cards; one that cannot be read keeps its name as title. */
export async function readBundledCards(): Promise<void> {
  const cards = await Promise.all(
    useCollections.getState().bundled.map(async (card) => {
      try {
        const response = await fetch(`datasets/${card.name}/dataset.json`);
        return { ...card, ...cardSchema.parse(await response.json()) };
      } catch {
        return card;
      }
    }),
  );
  useCollections.setState({ bundled: cards });
}
