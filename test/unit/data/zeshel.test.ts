import { expect, test } from 'vitest';
import { understand } from '../../../src/lab/data/understand.ts';
import { contextWords } from '../../../src/lab/data/zeshel.ts';
import { jsonLines, source } from '../../support/source.ts';

const filler = Array.from({ length: 50 }, (_, at) => `w${at}`).join(' ');
const mention = {
  mention_id: 'M1',
  context_document_id: 'P1',
  corpus: 'lego',
  start_index: 52,
  end_index: 53,
  text: 'the brick',
  label_document_id: 'P2',
  category: 'LOW_OVERLAP',
};
const lego = jsonLines(
  { document_id: 'P1', title: 'A set', text: `A set ${filler} the brick ${filler}` },
  { document_id: 'P2', title: 'Brick', text: 'Brick A brick is a part .' },
);
const yugioh = jsonLines({ document_id: 'P3', title: 'Card', text: 'A card is played .' });

function folder(mentions: object[], documents: Record<string, string> = { lego, yugioh }) {
  return [
    source('zeshel/mentions/test.json', jsonLines(...mentions)),
    source('zeshel/mentions/val.json', jsonLines(mention)),
    ...Object.entries(documents).map(([wiki, text]) => source(`zeshel/documents/${wiki}.json`, text)),
  ];
}

test('a mention in its words is the query, the pages of its wikis are the documents', async () => {
  const short = {
    ...mention,
    mention_id: 'M2',
    corpus: 'yugioh',
    context_document_id: 'P3',
    start_index: 1,
    end_index: 1,
    label_document_id: 'P3',
  };
  const { preview, load } = await understand('zeshel', folder([mention, short]));
  expect(preview).toMatchObject({
    kind: 'mentions',
    queries: 2,
    documents: 3,
    splits: ['test', 'val'],
    split: 'test',
  });
  const { collection } = await load('test');
  const [long, whole] = collection.queries.texts;
  expect(long!.split(' ')).toHaveLength(contextWords + 2 + contextWords);
  expect(long).toContain('w49 the brick w0');
  expect(whole).toBe('A card is played .');
  expect(collection.corpus).toEqual({
    ids: ['P1', 'P2', 'P3'],
    texts: [expect.stringContaining('A set w0'), 'Brick A brick is a part .', 'Card A card is played .'],
  });
  expect(collection.qrels.map((judged) => [...judged])).toEqual([[[1, 1]], [[2, 1]]]);
  expect((await load('val')).collection.corpus.ids).toEqual(['P1', 'P2']);
});

test.each([
  [
    folder([{ ...mention, corpus: 'coronation_street' }]),
    'names the wiki "coronation_street", whose pages are not here',
  ],
  [folder([{ ...mention, label_document_id: 'P9' }]), 'mentions/test.json, line 1: links to the page "P9"'],
  [folder([{ ...mention, context_document_id: 'P9' }]), 'line 1: stands on the page "P9"'],
  [folder([{ ...mention, end_index: 500 }]), 'line 1: stands at the words 52 to 500'],
  [folder([{ mention_id: 'M1' }]), 'line 1: is no mention of ZESHEL; "context_document_id" is missing'],
  [folder([mention], { lego: '{"id":"P1"}\n' }), 'documents/lego.json, line 1: is no page of ZESHEL'],
])('broken files are refused in a sentence', async (files, words) => {
  await expect(understand('zeshel', files)).rejects.toThrow(words);
});
