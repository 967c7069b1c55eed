import type { SourceFile } from './preprocess.ts';

const texts = import.meta.glob<string>('./*/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** Every WGSL file of the kernels, by its path below this folder without the ending. */
export const sources: ReadonlyMap<string, SourceFile> = new Map(
  Object.entries(texts).map(([path, text]) => {
    const name = path.slice('./'.length);
    return [name.replace(/\.wgsl$/, ''), { name, text }];
  }),
);

/** @param name such as `attention/forward` */
export function wgsl(name: string): SourceFile {
  const found = sources.get(name);
  if (!found) throw new Error(`There is no src/gpu/kernels/${name}.wgsl.`);
  return found;
}

/** What `#include "name"` means: a file beside the one that includes it, or a shared one. */
export function findInclude(name: string, from: SourceFile): SourceFile | undefined {
  const folder = from.name.slice(0, from.name.lastIndexOf('/'));
  return sources.get(`${folder}/${name}`) ?? sources.get(`shared/${name}`);
}
