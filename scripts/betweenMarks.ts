/** Two lines of a Markdown page, between which something is written anew. */
export interface Marks {
  readonly begin: string;
  readonly end: string;
}

/** A page with what stands between its two marks replaced; null where it lacks them. */
export function withBetween(page: string, { begin, end }: Marks, text: string): string | null {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  return from < 0 || to < 0 ? null : `${page.slice(0, from)}${begin}${text}${page.slice(to)}`;
}
