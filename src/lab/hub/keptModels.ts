import { z } from 'zod';
import { bytes } from '../../base/units.ts';
import { FileStore, removeFolder, type StoredFile, storedFolders } from '../cache/fileStore.ts';
import { roomLeft } from '../cache/room.ts';
import type { Storage } from './download.ts';
import type { ListedFile, RepositoryKind } from './repository.ts';

const top = 'layerlab-downloads';
const treeNote = 'tree';
const revisionsNote = 'revisions';

const treeSchema = z.array(
  z.object({ path: z.string(), size: z.number(), sha256: z.string().nullable(), oid: z.string() }),
);
const revisionsSchema = z.record(
  z.string(),
  z.object({ commit: z.string(), at: z.string(), repository: z.string().optional() }),
);

/** What is kept of one repository at one commit. */
export interface KeptModel {
  readonly repository: string;
  readonly commit: string;
  /** Branches and tags that were this commit when it was fetched. */
  readonly revisions: readonly string[];
  readonly files: readonly StoredFile[];
  readonly bytes: number;
  /** The day on which the hub was last asked for it, in milliseconds since 1970; 0 where that is not known. */
  readonly usedAt: number;
}

/** What a repository's files are kept under: models and data sets may have equal names. */
export function keptName(kind: RepositoryKind, repository: string): string {
  return kind === 'models' ? repository : `${kind}/${repository}`;
}

/** @returns null where files cannot be stored, or, without `create`, none are */
export async function openKept(repository: string, commit: string, create = true): Promise<FileStore | null> {
  return await FileStore.open(top, [repository, commit], create);
}

/** The listing of a commit, which never changes; null when it was never read here. */
export async function keptTree(store: FileStore): Promise<ListedFile[] | null> {
  const parsed = treeSchema.safeParse(await store.readNote(treeNote));
  return parsed.success ? parsed.data : null;
}

export async function keepTree(store: FileStore, files: readonly ListedFile[]): Promise<void> {
  await store.writeNote(treeNote, files);
}

async function revisionsOf(repository: string): Promise<z.infer<typeof revisionsSchema>> {
  const store = await FileStore.open(top, [repository], false);
  const parsed = revisionsSchema.safeParse(await store?.readNote(revisionsNote));
  return parsed.success ? parsed.data : {};
}

/** The commit that a revision was when the hub was last asked, that day, and where it is kept if it had moved. */
export async function keptRevision(
  repository: string,
  revision: string,
): Promise<{ readonly commit: string; readonly at: string; readonly repository?: string } | null> {
  const known = (await revisionsOf(repository))[revision];
  if (known) return known;
  const commits = await storedFolders(top, [repository]);
  return commits.includes(revision) ? { commit: revision, at: '' } : null;
}

/** @param movedTo what the files are kept under, where the repository has moved */
export async function keepRevision(
  repository: string,
  revision: string,
  commit: string,
  movedTo?: string,
): Promise<void> {
  const store = await FileStore.open(top, [repository], true);
  const at = new Date().toISOString().slice(0, 10);
  await store?.writeNote(revisionsNote, {
    ...(await revisionsOf(repository)),
    [revision]: { commit, at, ...(movedTo === undefined ? {} : { repository: movedTo }) },
  });
}

/** What is kept of the hub's models and data sets, the largest first. */
export async function listKept(): Promise<KeptModel[]> {
  const kept: KeptModel[] = [];
  for (const repository of await storedFolders(top)) {
    const revisions = Object.entries(await revisionsOf(repository));
    for (const commit of await storedFolders(top, [repository])) {
      const files = (await (await FileStore.open(top, [repository, commit], false))?.list()) ?? [];
      const own = revisions.filter(([, known]) => known.commit === commit);
      kept.push({
        repository,
        commit,
        revisions: own.map(([name]) => name),
        usedAt: Math.max(0, ...own.map(([, { at }]) => Date.parse(at) || 0)),
        files,
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      });
    }
  }
  return kept.filter(({ files }) => files.length > 0).sort((a, b) => b.bytes - a.bytes);
}

/** Deletes what is kept of a commit. @throws when a file of it is just being written */
export async function removeKept(repository: string, commit: string): Promise<void> {
  await removeFolder(top, [repository, commit]);
  if ((await storedFolders(top, [repository])).length === 0) await removeFolder(top, [repository]);
}

/** The browser's own file system, where downloads are kept. */
export const keptStorage: Storage = {
  room: roomLeft,

  async removable() {
    const largest = (await listKept()).slice(0, 3);
    const models = largest.map((model) => `${model.repository} (${bytes(model.bytes)})`).join(', ');
    return models === ''
      ? 'clear stored embeddings, or free space on the disk'
      : `remove downloads, the largest of which are ${models}, or clear stored embeddings`;
  },
};
