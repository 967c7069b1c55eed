import { existsSync, readdirSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UserError } from '../src/base/userError.ts';
import type { ModelFiles } from '../src/lab/models/types.ts';

/**
 * A model's files in a folder of this machine.
 * @param source its name in sentences
 * @throws UserError when the folder is not there
 */
export function diskFiles(source: string, folder: string): ModelFiles {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`${source} is not there; ${folder} is no folder.`);
  }
  const found = (path: string): string => {
    const file = join(folder, path);
    if (existsSync(file)) return file;
    throw new UserError(`${source}/${path} is not there; check the name.`);
  };
  return {
    source,
    has: (path) => Promise.resolve(existsSync(join(folder, path))),
    list: () =>
      Promise.resolve(
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((path) => statSync(join(folder, path)).isFile())
          .map((path) => path.split(sep).join('/')),
      ),
    size: (path) => Promise.resolve(statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? null),
    text: (path) => readFile(found(path), 'utf8'),
    async bytes(path, { range, onProgress } = {}) {
      const file = found(path);
      const [begin, end] = range ?? [0, statSync(file).size];
      const handle = await open(file);
      try {
        const bytes = new Uint8Array(end - begin);
        let read = 0;
        while (read < bytes.length) {
          const { bytesRead } = await handle.read(bytes, read, bytes.length - read, begin + read);
          if (bytesRead === 0) throw new UserError(`${source}/${path} ends early; download it again.`);
          read += bytesRead;
        }
        onProgress?.(read, read);
        return bytes;
      } finally {
        await handle.close();
      }
    },
  };
}
