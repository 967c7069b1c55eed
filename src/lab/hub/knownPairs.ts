/** Cross encoders and dual encoders that were trained from the same model, so that their layers can be compared. */
export interface KnownPair {
  /** What both were trained from. */
  readonly base: string;
  readonly ce: string;
  readonly de: string;
}

export const knownPairs: readonly KnownPair[] = [
  {
    base: 'MiniLM-L12-H384',
    ce: 'cross-encoder/ms-marco-MiniLM-L12-v2',
    de: 'sentence-transformers/msmarco-MiniLM-L12-v3',
  },
  {
    base: 'MiniLM-L6-H384',
    ce: 'cross-encoder/ms-marco-MiniLM-L6-v2',
    de: 'sentence-transformers/msmarco-MiniLM-L6-v3',
  },
  {
    base: 'XLM-RoBERTa base',
    ce: 'BAAI/bge-reranker-base',
    de: 'intfloat/multilingual-e5-base',
  },
  { base: 'bge-m3', ce: 'BAAI/bge-reranker-v2-m3', de: 'BAAI/bge-m3' },
  {
    base: 'ModernBERT base',
    ce: 'Alibaba-NLP/gte-reranker-modernbert-base',
    de: 'Alibaba-NLP/gte-modernbert-base',
  },
  {
    base: 'DistilRoBERTa base',
    ce: 'cross-encoder/stsb-distilroberta-base',
    de: 'sentence-transformers/all-distilroberta-v1',
  },
];
