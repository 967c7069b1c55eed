import { type DataReport, sentenceOfCount } from '../data/dataReport.ts';

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** What was done to a collection, in sentences; those that matter to a figure first come first. */
export function dataSentences(data: DataReport): string[] {
  const { documents, queries, judgements, pairs } = data.rows;
  const rows = [
    documents > 0 ? [counted(documents, 'document', 'documents')] : [],
    queries > 0 ? [counted(queries, 'query', 'queries')] : [],
    judgements > 0 ? [counted(judgements, 'judgement', 'judgements')] : [],
    pairs > 0 ? [counted(pairs, 'pair', 'pairs')] : [],
  ].flat();
  return [
    ...(rows.length > 0 ? [`Read: ${rows.join(', ')}.`] : []),
    ...[...data.leftOut, ...data.merged, ...data.unjudged].map(sentenceOfCount),
    ...(data.selfPairs.excluded > 0 || data.selfPairs.setting !== 'auto' ? [data.selfPairs.sentence] : []),
    ...data.sentences,
    ...data.embedded.flatMap(({ model, truncated, counts, weights }) => [
      ...(weights === undefined ? [] : [`${model}: ${weights}`]),
      ...(truncated.texts > 0
        ? [
            `${model}: ${counted(truncated.texts, 'text was', 'texts were')} cut, of whose ${truncated.tokens.toLocaleString('en')} tokens ${truncated.tokensRead.toLocaleString('en')} were read (${truncated.places.join('; ')}${truncated.texts > truncated.places.length ? '; …' : ''}).`,
          ]
        : []),
      ...counts.map((count) => `${model}: ${sentenceOfCount(count)}`),
    ]),
    ...data.searched.flatMap(({ system, counts, sentences }) => [
      ...sentences.map((sentence) => `${system}: ${sentence}`),
      ...counts.map((count) => `${system}: ${sentenceOfCount(count)}`),
    ]),
  ];
}
