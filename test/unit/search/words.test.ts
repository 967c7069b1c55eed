import { expect, test } from 'vitest';
import { buildBm25 } from '../../../src/search/bm25.ts';
import { words } from '../../../src/search/words.ts';

test('text without spaces gives its words and its pairs of characters, each place once', () => {
  // ICU's dictionary: 小提琴 | 演奏, of which the second is a pair already.
  expect(words('小提琴演奏')).toEqual(['小提琴', '小提', '提琴', '琴演', '演奏']);
  expect(words('茶')).toEqual(['茶']);
  expect(words('東京タワー')).toEqual(['東京タワー', '東京', '京タ', 'タワ', 'ワー']);
});

test('other scripts beside them keep their words', () => {
  expect(words('GPU上の検索 is fast')).toContain('gpu');
  expect(words('GPU上の検索 is fast')).toEqual(expect.arrayContaining(['検索', 'is', 'fast']));
  expect(words('한국어 검색')).toEqual(['한국어', '검색']);
});

test('Chinese queries find their documents by words that are split otherwise', async () => {
  const index = await buildBm25([
    '红茶需要用开水冲泡。',
    '小提琴用马尾弓演奏。',
    '编译器把源代码翻译成机器码。',
    '冰川是缓慢流动的冰河。',
  ]);
  expect(index.spaceless).toBe(4);
  for (const [row, query] of ['红茶怎么泡', '小提琴演奏', '源代码翻译'].entries()) {
    expect(index.search(query, 1)[0]?.document).toBe(row);
  }
  expect(index.knows('灯塔')).toBe(false);
});
