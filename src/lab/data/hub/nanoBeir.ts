/**
 * NanoBEIR: thirteen small collections in one repository. Its subsets `corpus` (`_id`, `text`), `queries` (`_id`,
 * `text`) and `qrels` (`query-id`, `corpus-id`, without grades) each have one split a collection, as
 * sentence-transformers 5.7.0 reads them (NanoBEIREvaluator,
 * sentence_transformer/evaluation/nano_beir.py); they lie in files such as
 * `corpus/NanoMSMARCO-00000-of-00001.parquet`, as the hub's `datasets` library writes splits.
 */
export const nanoBeirRepository = 'sentence-transformers/NanoBEIR-en';

export interface NanoCollection {
  /** The split, and what reports call the collection. */
  readonly name: string;
  /** MTEB's task of the same collection. */
  readonly task: string;
  readonly queries: number;
  readonly documents: number;
  readonly charactersPerText: number;
}

const collection = (
  name: string,
  task: string,
  documents: number,
  charactersPerText: number,
  queries = 50,
): NanoCollection => ({ name, task, queries, documents, charactersPerText });

/**
 * In the order of sentence-transformers' evaluator. Tasks, counts and mean lengths: mteb 2.26.24,
 * mteb/tasks/retrieval/eng and mteb/descriptive_stats/Retrieval.
 */
export const nanoBeir: readonly NanoCollection[] = [
  collection('NanoClimateFEVER', 'NanoClimateFeverRetrieval', 3408, 1620),
  collection('NanoDBPedia', 'NanoDBPediaRetrieval', 6045, 336),
  collection('NanoFEVER', 'NanoFEVERRetrieval', 4996, 1229),
  collection('NanoFiQA2018', 'NanoFiQA2018Retrieval', 4598, 900),
  collection('NanoHotpotQA', 'NanoHotpotQARetrieval', 5090, 350),
  collection('NanoMSMARCO', 'NanoMSMARCORetrieval', 5043, 330),
  collection('NanoNFCorpus', 'NanoNFCorpusRetrieval', 2953, 1513),
  collection('NanoNQ', 'NanoNQRetrieval', 5035, 526),
  collection('NanoQuoraRetrieval', 'NanoQuoraRetrieval', 5046, 55),
  collection('NanoSCIDOCS', 'NanoSCIDOCSRetrieval', 2210, 924),
  collection('NanoArguAna', 'NanoArguAnaRetrieval', 3635, 1012),
  collection('NanoSciFact', 'NanoSciFactRetrieval', 2919, 1431),
  collection('NanoTouche2020', 'NanoTouche2020Retrieval', 5745, 2143, 49),
];

/** The collection that a split of a repository is; undefined for all others. */
export function nanoCollectionOf(repository: string, split: string): NanoCollection | undefined {
  return repository === nanoBeirRepository ? nanoBeir.find(({ name }) => name === split) : undefined;
}
