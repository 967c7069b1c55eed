import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generator } from '../src/base/random.ts';

/** Words of a bundled collection, so that made-up texts are tokenised as texts are. */
function vocabulary(): string[] {
  const file = new URL('../public/datasets/wordnet-definitions/corpus.jsonl', import.meta.url);
  return [...new Set(readFileSync(file, 'utf8').match(/[a-z]{3,}/g))];
}

/** Writes a BEIR folder of made-up texts; the i-th query is the first half of the i-th document. */
export async function writeCollection(
  folder: string,
  { documents, queries, words }: { documents: number; queries: number; words: number },
): Promise<void> {
  const known = vocabulary();
  const random = generator(documents);
  const asked: string[] = [];
  const lines = function* (): Generator<string> {
    for (let i = 0; i < documents; i++) {
      const text = Array.from({ length: words }, () => known[Math.abs(random.next()) % known.length]!);
      if (i < queries) asked.push(text.slice(0, Math.ceil(words / 2)).join(' '));
      yield `${JSON.stringify({ _id: `d${i}`, title: '', text: text.join(' ') })}\n`;
    }
  };
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'corpus.jsonl')));
  writeFileSync(
    join(folder, 'queries.jsonl'),
    asked.map((text, i) => `${JSON.stringify({ _id: `q${i}`, text })}\n`).join(''),
  );
  const judged = asked.map((_, i) => `q${i}\td${i}\t1\n`).join('');
  writeFileSync(join(folder, 'qrels/test.tsv'), `query-id\tcorpus-id\tscore\n${judged}`);
}
