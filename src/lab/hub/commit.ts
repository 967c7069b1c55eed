import { isCancelled, isUserError, sentenceOf } from '../../base/userError.ts';
import { hubAccess } from './access.ts';
import { keepRevision, keptName, keptRevision } from './keptModels.ts';
import type { HubName } from './name.ts';
import { type RepositoryKind, type Resolved, resolveRevision } from './repository.ts';
import { isMissing } from './request.ts';

/** Attempts to ask what a revision is, where a kept commit could be opened instead. */
const triesWithKept = 2;

/**
 * The commit of a revision; without an answer from the hub the one that it last was, if that is kept here, and
 * that is said, as it is where the repository has moved.
 * @throws UserError when it is not there, or the hub does not answer and nothing is kept
 */
export async function commitOf(
  { repository, revision }: HubName,
  hub: string,
  kind: RepositoryKind,
  signal?: AbortSignal,
): Promise<Resolved> {
  const name = keptName(kind, repository);
  const kept = await keptRevision(name, revision);
  // A commit is what it is.
  if (kept?.commit === revision) return { repository, commit: revision };
  try {
    const tries = kept ? triesWithKept : undefined;
    const found = await resolveRevision(hub, repository, revision, signal, kind, { tries });
    const moved = found.repository !== repository;
    if (moved) {
      hubAccess().onNotice(
        `hub:${repository} has moved to ${found.repository}, which is taken; name it in the source.`,
      );
    }
    await keepRevision(name, revision, found.commit, moved ? keptName(kind, found.repository) : undefined);
    return found;
  } catch (error) {
    if (!kept || isCancelled(error) || isMissing(error) || !isUserError(error)) throw error;
    hubAccess().onNotice(
      `${sentenceOf(error)} The commit that ${revision} was on ${kept.at}, ${kept.commit.slice(0, 12)}, is kept here and is used.`,
    );
    return { repository: kept.repository?.replace(/^datasets\//, '') ?? repository, commit: kept.commit };
  }
}
