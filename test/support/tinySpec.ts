import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a spec of a few texts, which both models embed in seconds. @returns its path */
export function writeTinySpec(folder: string, layers: readonly number[]): string {
  const file = join(folder, 'spec.json');
  writeFileSync(
    file,
    JSON.stringify({
      models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
      datasets: [{ source: 'bundled:vera', queries: 4, documents: 12 }],
      layerwise: { layers },
    }),
  );
  return file;
}
