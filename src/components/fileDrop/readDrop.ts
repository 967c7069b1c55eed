import type { DroppedFile } from '../../lab/data/droppedFile.ts';

/** Files that belong together, and what to call them. */
export interface Dropped {
  readonly name: string;
  readonly files: readonly DroppedFile[];
}

/** What was let fall on the page. To be called while the event is handled: its items are gone after. */
export async function readDrop(data: DataTransfer): Promise<Dropped> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // Files that lie on no disk, as out of an e-mail, have no entry.
  if (entries.length === 0) return readInput(data.files);
  const [only] = entries;
  if (entries.length === 1 && only?.isDirectory) {
    return { name: only.name, files: await filesBelow(only as FileSystemDirectoryEntry, '') };
  }
  const files = await Promise.all(entries.map((entry) => filesOf(entry, '')));
  return named(files.flat());
}

/** What was chosen in a file dialogue; of a folder, `webkitRelativePath` begins with its name. */
export function readInput(files: Iterable<File>): Dropped {
  const all = [...files];
  const folder = all[0]?.webkitRelativePath.split('/')[0];
  if (folder) {
    return {
      name: folder,
      files: all.map((file) => ({ path: file.webkitRelativePath.slice(folder.length + 1), file })),
    };
  }
  return named(all.map((file) => ({ path: file.name, file })));
}

function named(files: readonly DroppedFile[]): Dropped {
  const [only] = files;
  return { name: files.length === 1 && only ? only.path.replace(/\.[^.]*$/, '') : 'my-collection', files };
}

async function filesOf(entry: FileSystemEntry, base: string): Promise<DroppedFile[]> {
  if (entry.isDirectory) {
    return await filesBelow(entry as FileSystemDirectoryEntry, `${base}${entry.name}/`);
  }
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );
  return [{ path: base + entry.name, file }];
}

async function filesBelow(folder: FileSystemDirectoryEntry, base: string): Promise<DroppedFile[]> {
  const reader = folder.createReader();
  const found: DroppedFile[] = [];
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return found;
    for (const entry of entries) found.push(...(await filesOf(entry, base)));
  }
}
