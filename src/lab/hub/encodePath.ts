/** A path as part of a URL; names may hold spaces, `#` and `%`. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
