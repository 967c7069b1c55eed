/** Columns of a data set of pairs. */
export interface PairNames {
  readonly query: string;
  readonly document: string;
  readonly score?: string;
  /** Pairs scored above this are relevant. */
  readonly threshold?: number;
}

/** Rows of two texts, in files of one folder. */
export interface PairLayout {
  readonly kind: 'pairs';
  /** The folder, which the hub calls a subset. */
  readonly subset: string;
  readonly columns: PairNames;
}

/** A table of texts: the folder or the beginning of the file's name, and its columns. */
export interface TextLayout {
  readonly files: string;
  readonly id: string;
  readonly text: string;
  /** Put before the text, a space between. */
  readonly title?: string;
}

/** Texts and judgements apart, as BEIR lays them out. */
export interface BeirLayout {
  readonly kind: 'beir';
  readonly corpus: TextLayout;
  readonly queries: TextLayout;
  /** The repository of the judgements. */
  readonly judgements: string;
}

/** Files that are nowhere on the hub, and are dropped on the page. */
export interface DroppedLayout {
  readonly kind: 'dropped';
  readonly download: string;
}

/** One of the paper's twelve collections: where it is and how it becomes queries, documents and relevance. */
export interface HubEntry {
  /** As the paper's Table 1 names it. */
  readonly id: string;
  /** What reports and files call it. */
  readonly name: string;
  readonly title: string;
  /** OWNER/NAME; null where the hub has none. */
  readonly repository: string | null;
  readonly split: string;
  readonly layout: PairLayout | BeirLayout | DroppedLayout;
  /**
   * How queries, documents and relevance are made of it. Of all pairs, equal texts are one, and all documents paired
   * with a query are relevant to it.
   */
  readonly made: string;
  readonly licence: string;
  readonly link: string;
  /** As listed when the entry was written; to be read with an "about". */
  readonly size: {
    /** For pairs, their rows. */
    readonly queries: number;
    readonly documents: number;
    /** What reading all of it downloads; null where it was not stated. */
    readonly bytes: number | null;
    /** Rough mean, to foretell how long a run takes. */
    readonly charactersPerText: number;
    /** Whether a sample fetches parts of the files only. */
    readonly ranges: boolean;
  };
}

const hubPage = 'https://huggingface.co/datasets';

/**
 * `_id`, `title` and `text` in corpus.jsonl.gz, `_id` and `text` in queries.jsonl.gz, listed at
 * https://huggingface.co/datasets/BeIR/quora/tree/main and for scifact, fiqa alike; columns as in
 * https://huggingface.co/datasets/BeIR/quora (quora.py) and
 * https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset. Some of these repositories were
 * turned into Parquet files in folders `corpus` and `queries`, with the same columns.
 */
function beirEntry(
  name: string,
  title: string,
  split: string,
  size: Omit<HubEntry['size'], 'ranges'>,
): HubEntry {
  return {
    id: `beir/${name}/${split}`,
    name,
    title,
    repository: `BeIR/${name}`,
    split,
    layout: {
      kind: 'beir',
      corpus: { files: 'corpus', id: '_id', text: 'text', title: 'title' },
      queries: { files: 'queries', id: '_id', text: 'text' },
      judgements: `BeIR/${name}-qrels`,
    },
    made: `The queries that ${split}.tsv judges, over the whole corpus; title and text of a document are joined.`,
    licence: 'CC BY-SA 4.0, as BEIR states',
    link: `${hubPage}/BeIR/${name}`,
    size: { ...size, ranges: false },
  };
}

/** Parquet files of `sentence-transformers/NAME`, in a folder for each subset. */
function pairEntry({
  subset = 'pair',
  columns,
  rows,
  bytes,
  ...rest
}: Pick<HubEntry, 'name' | 'title' | 'licence' | 'id'> & {
  readonly repository: string;
  readonly subset?: string;
  readonly columns: PairNames;
  readonly rows: number;
  readonly bytes: number;
  readonly charactersPerText: number;
  readonly made?: string;
}): HubEntry {
  const { charactersPerText, repository, made, id, name, title, licence } = rest;
  return {
    id,
    name,
    title,
    repository,
    split: 'train',
    layout: { kind: 'pairs', subset, columns },
    made: made ?? `"${columns.query}" is the query, "${columns.document}" the document.`,
    licence,
    link: `${hubPage}/${repository}`,
    size: { queries: rows, documents: rows, bytes, charactersPerText, ranges: true },
  };
}

/** The paper's twelve collections, in the order of its Table 1. */
export const hubEntries: readonly HubEntry[] = [
  {
    id: 'msmarco/dev/small',
    name: 'msmarco',
    title: 'MS MARCO passages, dev/small',
    // Columns pid, text (passage) and qid, text (queries):
    // https://huggingface.co/datasets/sentence-transformers/msmarco-corpus/blob/main/README.md. Passages lie in
    // the order of their numbers, so that statistics tell which part holds one. dev.tsv of the judgements is
    // dev/small: 6,980 queries, https://huggingface.co/datasets/irds/beir_msmarco_dev.
    repository: 'sentence-transformers/msmarco-corpus',
    split: 'dev',
    layout: {
      kind: 'beir',
      corpus: { files: 'passage', id: 'pid', text: 'text' },
      queries: { files: 'queries', id: 'qid', text: 'text' },
      judgements: 'BeIR/msmarco-qrels',
    },
    made: 'The 6,980 queries that dev.tsv judges, over 8.8 million passages; a sample of documents is needed.',
    licence: 'non-commercial research only (Microsoft)',
    link: `${hubPage}/sentence-transformers/msmarco-corpus`,
    size: {
      queries: 6980,
      documents: 8_841_823,
      bytes: 1_723_500_000,
      charactersPerText: 340,
      ranges: true,
    },
  },
  // Counts: https://huggingface.co/datasets/irds/beir_quora_dev and .../beir_quora.
  beirEntry('quora', 'Quora duplicate questions', 'dev', {
    queries: 5000,
    documents: 522_931,
    bytes: 15_700_000,
    charactersPerText: 62,
  }),
  // Counts: https://huggingface.co/datasets/irds/beir_scifact.
  beirEntry('scifact', 'SciFact, scientific claims', 'test', {
    queries: 300,
    documents: 5183,
    bytes: 4_600_000,
    charactersPerText: 1500,
  }),
  // Counts: https://huggingface.co/datasets/irds/beir_fiqa and .../beir_fiqa_dev.
  beirEntry('fiqa', 'FiQA, questions on finance', 'dev', {
    queries: 500,
    documents: 57_638,
    bytes: 18_000_000,
    charactersPerText: 770,
  }),
  {
    id: 'zeshel/test',
    name: 'zeshel',
    title: 'ZESHEL, entity linking',
    repository: null,
    split: 'test',
    // Fields: https://github.com/lajanugen/zeshel/blob/master/README.md.
    layout: {
      kind: 'dropped',
      download:
        'Download zeshel.tar.bz2 by the link in its README, unpack it, and drop the folder with "mentions" and "documents" below.',
    },
    made: 'A mention in 32 words on either side is the query, the pages of the wikis it comes from are the documents, and the page it is linked to is relevant.',
    licence: 'CC BY-SA (Fandom wikis)',
    link: 'https://github.com/lajanugen/zeshel',
    size: { queries: 10_000, documents: 70_140, bytes: null, charactersPerText: 800, ranges: false },
  },
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/stsb/blob/main/README.md: sentence1, sentence2,
    // score, in data/train-*; "dividing the score by 5".
    id: 'stsb/train',
    name: 'stsb',
    title: 'STS benchmark',
    repository: 'sentence-transformers/stsb',
    subset: 'data',
    columns: { query: 'sentence1', document: 'sentence2', score: 'score', threshold: 0.5 },
    rows: 5749,
    bytes: 471_000,
    charactersPerText: 60,
    licence: 'CC BY-SA 4.0; texts under the licences of their sources',
    made: '"sentence1" is the query, "sentence2" the document; pairs with a normalised score above 0.5 are relevant, the second sentences of the others are documents.',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/all-nli/blob/main/README.md: anchor, positive.
    id: 'all-nli/train',
    name: 'all-nli',
    title: 'SNLI and MultiNLI, entailments',
    repository: 'sentence-transformers/all-nli',
    columns: { query: 'anchor', document: 'positive' },
    rows: 314_315,
    bytes: 26_300_000,
    charactersPerText: 68,
    licence: 'SNLI: CC BY-SA 4.0; MultiNLI: OANC and others',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/simple-wiki/blob/main/README.md: text, simplified.
    id: 'simplewiki/train',
    name: 'simplewiki',
    title: 'Wikipedia and Simple Wikipedia',
    repository: 'sentence-transformers/simple-wiki',
    columns: { query: 'text', document: 'simplified' },
    rows: 102_225,
    bytes: 18_400_000,
    charactersPerText: 140,
    licence: 'CC BY-SA 3.0 (Wikipedia)',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/natural-questions: pair/train-00000-of-00001.parquet,
    // query and answer as sentence-transformers' own examples read them.
    id: 'natural-questions/train',
    name: 'natural-questions',
    title: 'Natural Questions',
    repository: 'sentence-transformers/natural-questions',
    columns: { query: 'query', document: 'answer' },
    rows: 100_231,
    bytes: 44_000_000,
    charactersPerText: 320,
    licence: 'CC BY-SA 3.0',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/eli5: pair/train-00000-of-00001.parquet; question
    // and answer as public code reads them.
    id: 'eli5/train',
    name: 'eli5',
    title: 'ELI5, explanations from Reddit',
    repository: 'sentence-transformers/eli5',
    columns: { query: 'question', document: 'answer' },
    rows: 325_475,
    bytes: 113_000_000,
    charactersPerText: 270,
    licence: 'none stated (posts on Reddit)',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/sentence-compression/commit/605bc91d95631895ba25b6eda51a3cb596976c90:
    // text, simplified.
    id: 'sentence compression/train',
    name: 'sentence-compression',
    title: 'Sentence compression, news',
    repository: 'sentence-transformers/sentence-compression',
    columns: { query: 'text', document: 'simplified' },
    rows: 180_000,
    bytes: 27_200_000,
    charactersPerText: 110,
    licence: 'none stated (Google, "as is")',
  }),
  pairEntry({
    // https://huggingface.co/datasets/sentence-transformers/gooaq/commit/b089f728748a068b7bc5234e5bcf5b25e3c8279c:
    // question, answer, in two files.
    id: 'gooaq/train',
    name: 'gooaq',
    title: 'GooAQ, questions to Google',
    repository: 'sentence-transformers/gooaq',
    columns: { query: 'question', document: 'answer' },
    rows: 3_012_496,
    bytes: 614_000_000,
    charactersPerText: 150,
    licence: 'Apache-2.0 (Allen Institute for AI)',
  }),
];

/** The entry that reads a repository of the hub, whichever of its splits is asked for. */
export function entryOf(repository: string): HubEntry | undefined {
  return hubEntries.find((entry) => entry.repository === repository);
}
