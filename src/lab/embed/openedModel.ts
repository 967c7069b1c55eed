import type { LayerSession, RowEncoder } from '../models/types.ts';

export interface OpenedModel {
  readonly session: LayerSession;
  readonly encoder: RowEncoder;
  /** Of queries, where the model reads them otherwise than documents. */
  readonly queryEncoder?: RowEncoder;
  /** What ranks; cosine unless the model says otherwise. */
  readonly similarity?: 'cosine' | 'dot';
  /** What may surprise about how the model is read, in sentences. */
  readonly notes?: readonly string[];
  /** Identifies the tokeniser's vocabulary and rules. */
  readonly tokenizerHash: string;
}
