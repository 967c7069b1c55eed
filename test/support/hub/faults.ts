/** What a test hub does wrong on purpose. */
export interface Fault {
  /** Part of `hub:PATH` or `storage:PATH`, of a large file also of its name. */
  readonly path: string;
  /** How often; always where it is not given. */
  readonly times?: number;
  /** Requests that are answered well before. */
  readonly skip?: number;
  readonly what:
    | {
        readonly type: 'status';
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The connection is cut after so many bytes. */
    | { readonly type: 'cut'; readonly after: number }
    /** Nothing more comes after so many bytes, and the connection stays. */
    | { readonly type: 'stall'; readonly after: number }
    /** Nothing comes at all. */
    | { readonly type: 'silence' }
    /** A shorter file than listed, told as whole. */
    | { readonly type: 'truncated'; readonly to: number }
    /** One bit is another. */
    | { readonly type: 'changed' };
}

export interface SeenRequest {
  readonly origin: 'hub' | 'storage';
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
  /** Of the page that asks; the hub turns some away by it. */
  readonly referrer: string | null;
}
