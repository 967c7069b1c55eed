import { nanoBeir } from '../../../src/lab/data/hub/nanoBeir.ts';
import { parquet } from '../parquet.ts';

/** Texts and judgements of one split. */
export interface NanoTexts {
  readonly corpus: Readonly<Record<string, string>>;
  readonly queries: Readonly<Record<string, string>>;
  /** Query id and document id. */
  readonly qrels: readonly (readonly [string, string])[];
}

/** Three queries over a dozen documents, in other words for every collection. */
export function smallNano(name: string): NanoTexts {
  const numbers = Array.from({ length: 12 }, (_, at) => at);
  return {
    corpus: Object.fromEntries(numbers.map((n) => [`d${n}`, `${name} passage ${n} about subject ${n % 6}`])),
    queries: Object.fromEntries([0, 1, 2].map((n) => [`q${n}`, `subject ${n} of ${name}`])),
    qrels: [0, 1, 2].flatMap((n) => [[`q${n}`, `d${n}`] as const, [`q${n}`, `d${n + 6}`] as const]),
  };
}

/** A repository in the layout of sentence-transformers/NanoBEIR-en: a subset a folder, a split a file. */
export function nanoBeirFiles(textsOf: (name: string) => NanoTexts = smallNano): Record<string, Uint8Array> {
  return Object.fromEntries(
    nanoBeir.flatMap(({ name }) => {
      const { corpus, queries, qrels } = textsOf(name);
      const table = (texts: Readonly<Record<string, string>>): Uint8Array =>
        parquet({ _id: Object.keys(texts), text: Object.values(texts) });
      const judged = parquet({
        'query-id': qrels.map(([query]) => query),
        'corpus-id': qrels.map(([, document]) => document),
      });
      const file = `${name}-00000-of-00001.parquet`;
      return [
        [`corpus/${file}`, table(corpus)],
        [`queries/${file}`, table(queries)],
        [`qrels/${file}`, judged],
      ] as const;
    }),
  );
}
