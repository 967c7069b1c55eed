import { z } from 'zod';
import { create } from 'zustand';
import { bundledCollections, furtherCollections } from '../lab/spec/defaults.ts';

/**
 * What the bundled pair's training took from a collection's source: pairs like the collection's, texts alone, or
 * nothing.
 */
const trainings = ['pairs', 'texts', 'none'] as const;

const cardSchema = z.object({
  title: z.string(),
  about: z.string().optional(),
  licence: z.string().optional(),
  domain: z.string().optional(),
  training: z.enum(trainings).optional(),
  queries: z.number().optional(),
  documents: z.number().optional(),
});

/** What the settings say of a collection before it is read. */
export type CollectionCard = Readonly<z.infer<typeof cardSchema>> & {
  readonly source: string;
  readonly name: string;
};

export function nameOf(source: string): string {
  return source.slice(source.indexOf(':') + 1);
}

function cardOf(source: string): CollectionCard {
  return { source, name: nameOf(source), title: nameOf(source) };
}

interface CollectionsState {
  /** Those of the default run. */
  readonly bundled: readonly CollectionCard[];
  /** Those that the bundled pair was not trained on. */
  readonly further: readonly CollectionCard[];
}

export const useCollections = create<CollectionsState>(() => ({
  bundled: bundledCollections.map(cardOf),
  further: furtherCollections.map(cardOf),
}));

/** Reads the cards of bundled collections; one that cannot be read keeps its name as title. */
async function readCards(cards: readonly CollectionCard[]): Promise<CollectionCard[]> {
  return await Promise.all(
    cards.map(async (card) => {
      try {
        const response = await fetch(`datasets/${card.name}/dataset.json`);
        return { ...card, ...cardSchema.parse(await response.json()) };
      } catch {
        return card;
      }
    }),
  );
}

export async function readBundledCards(): Promise<void> {
  const { bundled } = useCollections.getState();
  useCollections.setState({ bundled: await readCards(bundled) });
}

let furtherRead: Promise<void> | null = null;

/** Not before somebody looks at them: a first visit reads the default run's alone. */
export function readFurtherCards(): Promise<void> {
  furtherRead ??= readCards(useCollections.getState().further).then((further) =>
    useCollections.setState({ further }),
  );
  return furtherRead;
}
