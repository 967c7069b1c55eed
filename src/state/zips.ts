import { labClient } from './labClient.ts';

/** A model that was trained here, as a .zip. */
export function modelZip(name: string): Promise<Blob> {
  return labClient().zipModel(name);
}

/** Ranked lists of the last comparison as TREC files, and its qrels, as a .zip. */
export function comparisonZip(): Promise<Blob> {
  return labClient().zipRuns();
}
