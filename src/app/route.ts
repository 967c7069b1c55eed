/** The page's address behind the `#`: `#/layers?spec=…&metric=…`. */
export interface Route {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  return { path: path || '/layers', query: new URLSearchParams(query) };
}

export function writeRoute({ path, query }: Route): string {
  const text = query.toString();
  return text === '' ? `#${path}` : `#${path}?${text}`;
}
