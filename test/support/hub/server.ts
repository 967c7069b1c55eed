import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, SeenRequest } from './faults.ts';

type Files = Readonly<Record<string, Uint8Array | string>>;

/** Files by OWNER/NAME, then path; a repository has one commit, which is `main` and `refs/pr/1`. */
export interface HubContent {
  readonly models?: Readonly<Record<string, Files>>;
  readonly datasets?: Readonly<Record<string, Files>>;
  /** Names as they were to names as they are. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Repositories whose files only those get that accepted their terms. */
  readonly gated?: readonly string[];
  /** What the listing of models says of a model beyond its files. */
  readonly listed?: Readonly<Record<string, ListedModel>>;
  /** Entries of a listing's page. */
  readonly listedAtOnce?: number;
}

export interface ListedModel {
  readonly task: string;
  readonly downloads: number;
  /** Families, libraries, `base_model:OWNER/NAME`. */
  readonly tags: readonly string[];
}

export interface TestHub {
  readonly url: string;
  /** Origin that large files are redirected to, as the hub's storage. */
  readonly storage: string;
  /** Requests since the faults were last set, in order. */
  readonly requests: readonly SeenRequest[];
  setFaults(faults: readonly Fault[]): void;
  commitOf(kind: 'models' | 'datasets', repository: string): string;
  close(): Promise<void>;
}

interface Entry {
  readonly path: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly oid: string;
  readonly large: boolean;
}

interface Repository {
  readonly commit: string;
  readonly entries: readonly Entry[];
}

/** What the hub's .gitattributes send to its storage. */
const largeFile = /\.(onnx|onnx_data|safetensors|bin|parquet|gz)$/;
const hash = (name: string, ...parts: (string | Uint8Array)[]): string => {
  const made = createHash(name);
  for (const part of parts) made.update(part);
  return made.digest('hex');
};

function repositoryOf(files: Files): Repository {
  const entries = Object.entries(files).map(([path, content]): Entry => {
    const bytes = Buffer.from(content);
    const large = largeFile.test(path);
    const sha256 = hash('sha256', bytes);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`;
    const blob = large ? Buffer.from(pointer) : bytes;
    return { path, bytes, sha256, large, oid: hash('sha1', `blob ${blob.length}\0`, blob) };
  });
  return { entries, commit: hash('sha1', ...entries.map(({ path, oid }) => `${path} ${oid}\n`)) };
}

function allowAnyOrigin(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Range, Content-Type');
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS, PUT');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'X-Repo-Commit, X-Request-Id, X-Error-Code, X-Error-Message, ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag',
  );
}

/** Faults that are set, and the requests since then. */
class Traffic {
  readonly requests: SeenRequest[] = [];
  #faults: { readonly fault: Fault; left: number; skip: number }[] = [];

  setFaults(given: readonly Fault[]): void {
    this.#faults = given.map((fault) => ({
      fault,
      left: fault.times ?? Number.POSITIVE_INFINITY,
      skip: fault.skip ?? 0,
    }));
    this.requests.length = 0;
  }

  /** What is to go wrong with this request; a fault counts each time that it is met. */
  faultOf(path: string): Fault['what'] | null {
    for (const one of this.#faults) {
      if (!path.includes(one.fault.path) || one.left <= 0) continue;
      if (one.skip-- > 0) continue;
      one.left--;
      return one.fault.what;
    }
    return null;
  }

  async control(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method === 'PUT' && path === '/__test/faults') {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      this.setFaults(JSON.parse(Buffer.concat(parts).toString()) as Fault[]);
      response.writeHead(204).end();
    } else {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(this.requests));
    }
  }
}

type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  fault: Fault['what'] | null,
) => void;

interface Listening {
  readonly server: Server;
  readonly url: string;
}

/** @param named what a request is called in a fault's path */
async function listen(
  origin: SeenRequest['origin'],
  port: number,
  traffic: Traffic,
  named: (path: string) => string,
  handle: Handle,
): Promise<Listening> {
  const server = createServer((request, response) => {
    allowAnyOrigin(response);
    const path = decodeURIComponent(request.url ?? '/');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    if (path.startsWith('/__test/')) {
      void traffic.control(request, response, path);
      return;
    }
    const { authorization = null, range = null, referer: referrer = null } = request.headers;
    traffic.requests.push({ origin, path, range, authorization, referrer });
    const fault = traffic.faultOf(`${origin}:${named(path)}`);
    if (fault?.type === 'status') {
      response.writeHead(fault.status, fault.headers).end();
    } else if (fault?.type === 'silence') {
      // The connection stays open until the other side gives up.
    } else {
      handle(request, response, path, fault);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Answers of the hub itself: lists of models, revisions, listings, small files, and where large ones lie. */
function hubAnswers(
  content: HubContent,
  repositories: ReadonlyMap<string, Repository>,
  storageUrl: string,
): Handle {
  return (request, response, path, fault) => {
    const raw = request.url ?? '/';
    if (raw.startsWith('/api/models?')) {
      sendModels(response, content, repositories, new URL(raw, hubUrl(request)));
      return;
    }
    const api = /^\/api\/((?:models|datasets)\/[^/]+\/[^/]+)\/(revision|tree)\/([^/?]+)(?:\?(.*))?$/.exec(
      raw,
    );
    const file = /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const name = api?.[1] ?? (file ? `${file[1] ? 'datasets' : 'models'}/${file[2]}` : '');
    const [old, now] = Object.entries(content.moved ?? {}).find(([was]) => name === `models/${was}`) ?? [];
    if (old !== undefined && now !== undefined) {
      response.writeHead(307, { Location: raw.replace(old, now) }).end();
      return;
    }
    if (file && content.gated?.some((one) => name === `models/${one}`) && !request.headers.authorization) {
      response.writeHead(401, { 'X-Error-Code': 'GatedRepo' }).end();
      return;
    }
    const repository = repositories.get(name);
    const revision = decodeURIComponent(api?.[3] ?? file?.[3] ?? '');
    if (!repository || !['main', 'refs/pr/1', repository.commit].includes(revision)) {
      response.writeHead(404, { 'X-Error-Code': repository ? 'RevisionNotFound' : 'RepoNotFound' }).end();
      return;
    }
    if (api) {
      if (api[2] === 'revision') sendRevision(response, name, repository);
      else sendTree(response, repository, content.listedAtOnce ?? 5, new URL(raw, hubUrl(request)));
      return;
    }
    sendFile(request, response, repository, file?.[4], storageUrl, fault);
  };
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { commit, entries }: Repository,
  path: string | undefined,
  storageUrl: string,
  fault: Fault['what'] | null,
): void {
  const entry = entries.find((one) => one.path === path);
  if (!entry) {
    response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end();
    return;
  }
  response.setHeader('X-Repo-Commit', commit);
  if (entry.large) {
    response
      .writeHead(302, {
        Location: `${storageUrl}/${entry.sha256}`,
        'X-Linked-Size': entry.bytes.length,
        'X-Linked-ETag': `"${entry.sha256}"`,
      })
      .end();
  } else sendBytes(request, response, entry.bytes, `"${entry.oid}"`, fault);
}

/**
 * Serves repositories as the hub does: revisions, listings in pages, small files as they are, and large ones
 * behind a redirect to a second origin. Faults are set by the test, or from a page at `/__test/faults`.
 * @param ports of the hub and its storage; 0 takes any
 */
export async function startHub(
  content: HubContent,
  ports: readonly [number, number] = [0, 0],
): Promise<TestHub> {
  const repositories = new Map(
    (['models', 'datasets'] as const).flatMap((kind) =>
      Object.entries(content[kind] ?? {}).map(
        ([name, files]) => [`${kind}/${name}`, repositoryOf(files)] as const,
      ),
    ),
  );
  const large = new Map(
    [...repositories.values()]
      .flatMap(({ entries }) => entries.filter((entry) => entry.large))
      .map((entry) => [entry.sha256, entry] as const),
  );
  const traffic = new Traffic();
  // A large file is named, not by its hash, in a fault's path.
  const withName = (path: string): string => `${path} ${large.get(path.slice(1))?.path ?? ''}`;
  const storage = await listen('storage', ports[1], traffic, withName, (request, response, path, fault) => {
    const entry = large.get(path.slice(1));
    if (entry) sendBytes(request, response, entry.bytes, `"${entry.sha256}"`, fault);
    else response.writeHead(404).end();
  });
  const hub = await listen(
    'hub',
    ports[0],
    traffic,
    (path) => path,
    hubAnswers(content, repositories, storage.url),
  );
  return {
    url: hub.url,
    storage: storage.url,
    requests: traffic.requests,
    setFaults: (faults) => traffic.setFaults(faults),
    commitOf(kind, repository) {
      const found = repositories.get(`${kind}/${repository}`);
      if (!found) throw new Error(`The test hub has no ${repository}.`);
      return found.commit;
    },
    async close() {
      await Promise.all(
        [hub.server, storage.server].map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}

function hubUrl(request: IncomingMessage): string {
  return `http://${request.headers.host}`;
}

function sendRevision(response: ServerResponse, name: string, { commit }: Repository): void {
  const id = name.slice(name.indexOf('/') + 1);
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id, sha: commit }));
}

/** One page of a list, with the address of the next in a header as the hub gives it. */
function sendPage(response: ServerResponse, list: readonly unknown[], atOnce: number, url: URL): void {
  const from = Number(url.searchParams.get('cursor') ?? 0);
  if (from + atOnce < list.length) {
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + atOnce));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  response
    .writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(list.slice(from, from + atOnce)));
}

/** Models by task, library and text, the most downloaded first. */
function sendModels(
  response: ServerResponse,
  { listed = {}, gated = [] }: HubContent,
  repositories: ReadonlyMap<string, Repository>,
  url: URL,
): void {
  const asked = (name: string): string | null => url.searchParams.get(name);
  const library = asked('library');
  const found = Object.entries(listed)
    .filter(([id, { task, tags }]) => {
      const named = id.toLowerCase().includes((asked('search') ?? '').toLowerCase());
      return named && task === asked('pipeline_tag') && (library === null || tags.includes(library));
    })
    .sort(([, a], [, b]) => b.downloads - a.downloads)
    .map(([id, { task, downloads, tags }]) => ({
      id,
      modelId: id,
      pipeline_tag: task,
      downloads,
      likes: 3,
      tags,
      gated: gated.includes(id) ? 'auto' : false,
      siblings: repositories.get(`models/${id}`)?.entries.map(({ path }) => ({ rfilename: path })) ?? [],
    }));
  sendPage(response, found, Number(asked('limit') ?? 1000), url);
}

function sendTree(response: ServerResponse, { commit, entries }: Repository, atOnce: number, url: URL): void {
  const folders = new Set(entries.flatMap(({ path }) => (path.includes('/') ? [path.split('/')[0]] : [])));
  const listed = [
    ...[...folders].map((path) => ({ type: 'directory', oid: commit, size: 0, path })),
    ...entries.map(({ path, bytes, sha256, oid, large }) => ({
      type: 'file',
      oid,
      size: bytes.length,
      path,
      ...(large ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } } : {}),
    })),
  ];
  sendPage(response, listed, atOnce, url);
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  whole: Buffer,
  etag: string,
  fault: Fault['what'] | null,
): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, whole.length) : whole.length;
  if (range && start >= whole.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${whole.length}` }).end();
    return;
  }
  const part = Buffer.from(whole.subarray(start, end));
  const body = fault?.type === 'truncated' ? part.subarray(0, fault.to) : part;
  if (fault?.type === 'changed') body[0] = (body[0] ?? 0) ^ 1;
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Content-Length': body.length,
    ETag: etag,
    ...(range ? { 'Content-Range': `bytes ${start}-${end - 1}/${whole.length}` } : {}),
  });
  if (request.method === 'HEAD') response.end();
  else if (fault?.type === 'cut') {
    response.write(body.subarray(0, fault.after), () => setTimeout(() => response.destroy(), 50));
  } else if (fault?.type === 'stall') response.write(body.subarray(0, fault.after));
  else response.end(body);
}
