/** Where sources are looked up. */
export interface FileContext {
  /** URL of the folder that holds index.html. */
  readonly base: string;
  /** Origin of the model hub. */
  readonly hub: string;
  /** Dropped folders: name, then path below it, to file. */
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, File>>;
}

export function splitSource(source: string): { scheme: string; name: string } {
  const colon = source.indexOf(':');
  return { scheme: source.slice(0, colon), name: source.slice(colon + 1) };
}
