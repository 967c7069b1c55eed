import type { LayerSession, RowEncoder } from '../models/types.ts';

export interface OpenedModel {
  readonly session: LayerSession;
  readonly encoder: RowEncoder;
  /** Identifies the tokeniser's vocabulary and rules. */
  readonly tokenizerHash: string;
}
