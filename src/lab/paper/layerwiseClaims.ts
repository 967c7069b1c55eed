import type { Claim } from './claim.ts';
import { reported } from './reported.ts';

const figuresOnly =
  'The sentence is about Hits@10 by layer, which the paper shows as curves (Figures 3 to 5) and not as numbers; Table 1 has no layers.';

const { 'msmarco-minilm': minilm, mxbai } = reported.claims.layerwise;

/** Section 4.3: claims about layers. None can be computed from Table 1. */
export const layerwiseClaims: readonly Claim[] = [
  {
    id: 'embedding-layer-minilm',
    quote:
      'Surprisingly, hidden states from the DE’s embedding layer were substantially worse than that of the CE by an average of 29.5% across the 10 datasets for the ms-marco model pairs (paired two-tailed t test was significant, p < .01).',
    says: `the MiniLM pair: the DE’s embedding layer is ${minilm.embedding_layer_de_worse_than_ce_percent_mean} % worse than the CE’s over ${minilm.datasets} datasets, p < ${minilm.p_below}`,
  },
  {
    id: 'eighty-percent-minilm',
    quote:
      'Further, Hits@10 for the CE’s embedding layer was at 80% or greater of the Hits@10 measure for the final output of the DE in 5/10 datasets; only in 2 cases was it under 30%, see Figure 4.',
    says: `the MiniLM pair: the CE’s embedding layer reaches 80 % of the whole DE on ${minilm.ce_embedding_layer_at_least_80_percent_of_final_de}, under 30 % on ${minilm.ce_embedding_layer_under_30_percent_of_final_de}`,
  },
  {
    id: 'embedding-layer-mxbai',
    quote:
      'Hits@10 for the DE embedding layer was worse than the CE embeddings by an average of 29.2% (paired two-tailed t test was significant, p < .01).',
    says: `the mxbai pair: the DE’s embedding layer is ${mxbai.embedding_layer_de_worse_than_ce_percent_mean} % worse than the CE’s over ${mxbai.datasets} datasets, p < ${mxbai.p_below}`,
  },
  {
    id: 'seventy-nine-percent-mxbai',
    quote:
      'Hits@10 performance of the CE was at 79% or greater than Hits@10 performance of the final output of the DE in 5 of 10 datasets. Only in 1 case (natural ques.) was CE performance at below 30% of the final DE performance, see Figure 5.',
    says: `the mxbai pair: the CE reaches 79 % of the whole DE on ${mxbai.ce_at_least_79_percent_of_final_de}, under 30 % on ${mxbai.ce_under_30_percent_of_final_de}`,
  },
].map((claim) => ({
  ...claim,
  section: '4.3' as const,
  verdict: 'cannot be told from the table' as const,
  because: figuresOnly,
  inputs: null,
  steps: [],
  rounding: null,
}));
