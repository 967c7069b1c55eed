import { vi } from 'vitest';
import type { FileContext } from '../../src/lab/hub/source.ts';

export const hub = 'https://hub.test';
export const commit = 'c0ffee';

export interface FakeHub {
  readonly context: FileContext;
  /** Bytes of files that were sent, by OWNER/NAME/PATH. */
  readonly sent: ReadonlyMap<string, number>;
  /** Ranges that were asked for, in order, by OWNER/NAME/PATH. */
  readonly ranges: ReadonlyMap<string, readonly string[]>;
}

interface FakeHubOptions {
  readonly knowsRanges?: boolean;
  /** Entries a page of a listing. */
  readonly pageLength?: number;
}

/**
 * Puts data sets in the place of the hub, at its addresses; every branch is one commit. The stub ends with
 * `vi.unstubAllGlobals`.
 * @param repositories files by OWNER/NAME, then path
 */
export function fakeHub(
  repositories: Readonly<Record<string, Readonly<Record<string, Uint8Array | string>>>>,
  { knowsRanges = true, pageLength = 1000 }: FakeHubOptions = {},
): FakeHub {
  const sent = new Map<string, number>();
  const ranges = new Map<string, string[]>();
  const missing = (): Response => new Response(null, { status: 404 });
  const bytesOf = (content: Uint8Array | string): Uint8Array<ArrayBuffer> =>
    typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

  const answer = (address: string, range: string | null): Response => {
    const url = new URL(address);
    const api = /^\/api\/datasets\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(url.pathname);
    if (api) {
      const files = repositories[api[1]!];
      if (!files) return missing();
      if (api[2] === 'revision') return Response.json({ sha: commit });
      if (api[3] !== commit) return missing();
      const all = Object.entries(files).map(([path, content]) => ({
        type: 'file',
        path,
        size: bytesOf(content).length,
      }));
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const headers: Record<string, string> =
        from + pageLength < all.length
          ? { Link: `<${hub}${url.pathname}?recursive=true&cursor=${from + pageLength}>; rel="next"` }
          : {};
      return Response.json(all.slice(from, from + pageLength), { headers });
    }
    const file = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(
      decodeURIComponent(url.pathname),
    );
    const content = file && file[2] === commit ? repositories[file[1]!]?.[file[3]!] : undefined;
    if (!file || content === undefined) return missing();
    const name = `${file[1]}/${file[3]}`;
    const bytes = bytesOf(content);
    const send = (part: Uint8Array<ArrayBuffer>, status: number): Response => {
      sent.set(name, (sent.get(name) ?? 0) + part.length);
      return new Response(part, { status });
    };
    const bounds = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
    if (!bounds) return send(bytes, 200);
    ranges.set(name, [...(ranges.get(name) ?? []), bounds[0]]);
    return knowsRanges ? send(bytes.slice(Number(bounds[1]), Number(bounds[2]) + 1), 206) : send(bytes, 200);
  };
  vi.stubGlobal('fetch', (address: string, init: RequestInit = {}) =>
    Promise.resolve(answer(address, new Headers(init.headers).get('Range'))),
  );
  return { context: { base: '', hub, folders: new Map() }, sent, ranges };
}
