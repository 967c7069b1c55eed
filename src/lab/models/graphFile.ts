import type { ChosenBackend } from './backend.ts';
import type { ExternalFile } from './external.ts';
import type { ModelInputs } from './modelInputs.ts';

/** What of a model its graph is opened with; it can be sent to a worker. */
export interface GraphFile {
  readonly source: string;
  readonly file: string;
  readonly inputs: ModelInputs;
  readonly external: readonly ExternalFile[];
  readonly chosen: ChosenBackend;
}

/** How messages name the file that was read. */
export function fileOf({ source, file }: Pick<GraphFile, 'source' | 'file'>): string {
  return `${source}/${file}`;
}
