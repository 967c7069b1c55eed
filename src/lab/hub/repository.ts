import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { type RequestOptions, request } from './request.ts';

export type RepositoryKind = 'models' | 'datasets';

/** A repository of the hub at one commit. */
export interface Commit {
  /** Origin of the hub. */
  readonly hub: string;
  readonly kind: RepositoryKind;
  /** OWNER/NAME */
  readonly repository: string;
  /** Full hash. */
  readonly commit: string;
}

/** A file as the hub lists it. */
export interface ListedFile {
  /** Below the repository's root. */
  readonly path: string;
  readonly size: number;
  /** Hash of the content, hex; null for a file that git keeps itself. */
  readonly sha256: string | null;
  /** Git's hash of the blob, which of a file with `sha256` is that of a pointer. */
  readonly oid: string;
}

const commitSchema = z.object({ sha: z.string().regex(/^\w+$/), id: z.string().optional() });

/** What a revision of a repository stands for. */
export interface Resolved {
  /** OWNER/NAME, another than asked for where the repository moved. */
  readonly repository: string;
  readonly commit: string;
}

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.int().min(0).default(0),
    oid: z.string().default(''),
    lfs: z.object({ oid: z.string(), size: z.int().min(0) }).nullish(),
  }),
);

export async function readAnswer<T>(response: Response, schema: z.ZodType<T>, what: string): Promise<T> {
  let body: unknown;
  try {
    body = JSON.parse(await response.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`${what}: the hub's answer is no JSON; check the hub's address in the settings.`);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new UserError(`${what}: the hub's answer is not as a hub's; check its address in the settings.`);
  }
  return parsed.data;
}

/**
 * The commit that a branch, tag or commit of a repository stands for. Of a repository that moved the hub leads on
 * to where it is now.
 * @throws UserError when it is not there, which `isMissing` tells
 */
export async function resolveRevision(
  hub: string,
  repository: string,
  revision: string,
  signal?: AbortSignal,
  kind: RepositoryKind = 'models',
  options: Omit<RequestOptions, 'signal'> = {},
): Promise<Resolved> {
  const url = `${hub}/api/${kind}/${repository}/revision/${encodeURIComponent(revision)}`;
  const what = `hub:${repository}@${revision}`;
  const response = await request(url, what, { ...options, signal });
  const { sha, id = repository } = await readAnswer(response, commitSchema, what);
  return { repository: id, commit: sha };
}

/** Every file of a commit, by path. @throws UserError */
export async function listTree(at: Commit, signal?: AbortSignal): Promise<ListedFile[]> {
  const { hub, kind, repository, commit } = at;
  const what = `hub:${repository}@${commit}`;
  const files: ListedFile[] = [];
  let page: string | null = `${hub}/api/${kind}/${repository}/tree/${commit}?recursive=true`;
  while (page !== null) {
    const response: Response = await request(page, what, { signal });
    for (const { type, path, size, oid, lfs } of await readAnswer(response, treeSchema, what)) {
      if (type === 'file') files.push({ path, size: lfs?.size ?? size, sha256: lfs?.oid ?? null, oid });
    }
    page = nextPage(response.headers.get('Link'), hub);
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The address of a file, of which the hub may lead on to its storage. */
export function fileUrl({ hub, kind, repository, commit }: Commit, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${hub}/${kind === 'datasets' ? 'datasets/' : ''}${repository}/resolve/${commit}/${encoded}`;
}

/** The address of a listing's next page, which stays with the hub that was asked. */
function nextPage(link: string | null, hub: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (next === undefined) return null;
  const { pathname, search } = new URL(next, hub);
  return hub + pathname + search;
}
