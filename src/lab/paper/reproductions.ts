import type { PaperPair } from './identity.ts';

const figureIds = ['figure-3', 'figure-4', 'figure-5', 'table-1'] as const;
export type FigureId = (typeof figureIds)[number];

/** What a figure or the table of the paper is, and how the lab makes it again. */
export interface Reproduction {
  readonly id: FigureId;
  readonly title: string;
  readonly about: string;
  /** What is run for it. Figures 3 and 4 are two views of one run. */
  readonly work: 'layers' | 'systems';
  readonly pair: PaperPair;
  readonly did: readonly string[];
  readonly same: readonly string[];
  readonly differs: readonly string[];
}

const layersDid = (title: string): readonly string[] => [
  `Embeds 100,000 sentence pairs of the training data of ten of its twelve datasets by every layer of the ${title} pair.`,
  'A CE embeds a sentence as a pair with itself; each layer is the mean over tokens, without padding and separators.',
  'Searches by cosine, layer by layer, and measures Hits@10 by sentence-transformers’ InformationRetrievalEvaluator.',
];

const layersSame: readonly string[] = [
  'The same two models, the same pooling, cosine search and Hits@10.',
  'Full takes 100,000 pairs of each collection, or all where there are fewer.',
];

const layersDiffer: readonly string[] = [
  'The text does not name the ten datasets; all twelve are run.',
  'Which 100,000 pairs the paper drew is not told; ours are a seeded sample, the same everywhere. Small and medium take fewer, and fewer documents make search easier.',
  'Weights are ONNX files of the same checkpoints, in single precision where the device allows, else half or 8 bits; the report names the file.',
  'This runs in the browser on WebGPU, or on WebAssembly without a GPU; the paper does not say what it embedded and searched on.',
];

export const reproductions: readonly Reproduction[] = [
  {
    id: 'figure-3',
    title: 'Figure 3',
    about: 'Hits@10 by layer, CE and DE, MiniLM pair',
    work: 'layers',
    pair: 'minilm',
    did: layersDid('MiniLM'),
    same: layersSame,
    differs: layersDiffer,
  },
  {
    id: 'figure-4',
    title: 'Figure 4',
    about: 'Hits@10 by layer relative to the DE’s final output, MiniLM pair',
    work: 'layers',
    pair: 'minilm',
    did: [...layersDid('MiniLM'), 'Divides each value by the DE’s at its last layer.'],
    same: [...layersSame, 'It is drawn from the run of Figure 3: nothing more is computed.'],
    differs: layersDiffer,
  },
  {
    id: 'figure-5',
    title: 'Figure 5',
    about: 'Hits@10 by layer relative to the DE’s final output, mxbai pair',
    work: 'layers',
    pair: 'mxbai',
    did: [...layersDid('mxbai'), 'Divides each value by the DE’s at its last layer.'],
    same: layersSame,
    differs: [
      ...layersDiffer,
      'The reranker has 435M parameters and no half-precision ONNX file: where single precision does not fit, it runs in 8 bits.',
    ],
  },
  {
    id: 'table-1',
    title: 'Table 1',
    about: 'Baseline, DE-2 CE and DE-2 Rand: retrieve, retrieve and rerank, speed',
    work: 'systems',
    pair: 'minilm',
    did: [
      'Trains two-layer DEs on MS MARCO with BM25 negatives by sentence-transformers’ training code, about an hour on an A100: DE-2 CE from the CE’s embedding layer and layer 0, DE-2 Rand from random weights.',
      'Searches each of the twelve datasets in full by both and by the pretrained DE, and reranks the first 50 documents by the CE.',
      'Compares the encoders’ speed with the 12-layer DE’s.',
    ],
    same: [
      'The same models, the same two initialisations, the same loss, data and BM25 negatives.',
      'Hits@10 and MRR@10 before and after reranking 50, paired t-test over collections, speed on the collection’s own texts.',
      'Full trains by the recipe of sentence-transformers’ train_bi-encoder_mnrl.py as it stood when the paper was written.',
    ],
    differs: [
      'Small and medium train a few hundred or thousand steps, and search samples: their figures say how the page works, not how good DE-2 CE is.',
      'Full still caps a collection at a million documents (MS MARCO has 8.8, GooAQ 3 million): more does not fit a tab.',
      'The paper does not say how many steps it trained, on how many pairs, nor its seeds.',
      'Training kernels are the lab’s own in WebGPU, in single precision; dropout draws its own random numbers.',
      'Rows are cut at 256 tokens when searching; the paper does not say.',
    ],
  },
];

export function reproductionOf(id: FigureId): Reproduction {
  const found = reproductions.find((one) => one.id === id);
  if (!found) throw new RangeError(`The lab reproduces no "${id}".`);
  return found;
}
