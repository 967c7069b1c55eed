import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this system keeps what programs can make again. */
export function userCacheFolder(): string {
  const home = homedir();
  switch (process.platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'layerlab');
    case 'win32':
      return join(process.env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'layerlab', 'Cache');
    default:
      return join(process.env.XDG_CACHE_HOME || join(home, '.cache'), 'layerlab');
  }
}
