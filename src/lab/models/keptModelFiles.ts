import { UserError } from '../../base/userError.ts';
import { keptRevision, openKept } from '../hub/keptModels.ts';
import { parseHubName } from '../hub/name.ts';
import { readBlob } from './readBlob.ts';
import type { ModelFiles } from './types.ts';

/**
 * The files of a model of the hub as far as they are kept here; the hub is not asked.
 * @param name OWNER/NAME@REVISION
 * @returns null where nothing of it is kept
 */
export async function keptModelFiles(name: string): Promise<ModelFiles | null> {
  const { repository, revision } = parseHubName(name);
  const kept = await keptRevision(repository, revision);
  const store = kept && (await openKept(kept.repository ?? repository, kept.commit, false));
  if (!store) return null;
  const source = `hub:${repository}@${kept.commit}`;
  const fileOf = async (path: string): Promise<File> => {
    const file = await store.whole(path);
    if (!file) throw new UserError(`${source}/${path} is not kept here; run it once with a network.`);
    return file;
  };
  return {
    source,
    has: async (path) => (await store.whole(path)) !== null,
    text: async (path) => await (await fileOf(path)).text(),
    bytes: async (path, { range } = {}) => await readBlob((await fileOf(path)).slice(range?.[0], range?.[1])),
  };
}
