import { join, normalize, sep } from 'node:path';

/** A path of a URL below `folder`, or undefined where it would leave it. */
export function below(folder: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const full = normalize(join(folder, decoded));
  return full === folder || full.startsWith(folder + sep) ? full : undefined;
}
