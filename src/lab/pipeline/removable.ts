import type { StoredSummary } from './storedSummary.ts';

/** What can be removed to make room, and is then computed or downloaded again when it is needed. */
export interface Removable {
  readonly kind: 'embeddings' | 'download';
  /** Of embeddings their id; of a download its repository and commit. */
  readonly key: readonly [string, string?];
  readonly title: string;
  readonly bytes: number;
  /** When it was last used, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** Caches, those unused for longest first. Checkpoints are none: they hold work. */
export function removable({ stores, downloads }: StoredSummary): Removable[] {
  return [
    ...stores.map(({ id, description, bytes, usedAt }) => ({
      kind: 'embeddings' as const,
      key: [id] as const,
      title: `Embeddings of ${description}`,
      bytes,
      usedAt,
    })),
    ...downloads.map(({ repository, commit, bytes, usedAt }) => ({
      kind: 'download' as const,
      key: [repository, commit] as const,
      title: repository,
      bytes,
      usedAt,
    })),
  ].sort((a, b) => a.usedAt - b.usedAt);
}

/** The first of them that make so much room, or all where they do not. */
export function enoughFor(bytes: number, all: readonly Removable[]): Removable[] {
  const chosen: Removable[] = [];
  let room = 0;
  for (const one of all) {
    if (room >= bytes) break;
    chosen.push(one);
    room += one.bytes;
  }
  return chosen;
}
