import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { CollectionHead, ReadCollection } from './beir.ts';
import type { NamedSource } from './lines.ts';
import { recordsOf } from './records.ts';

/** Words of the page before and after a mention that go with it into the query. */
export const contextWords = 32;

const mentionSchema = z.object({
  mention_id: z.string().min(1),
  context_document_id: z.string().min(1),
  corpus: z.string().min(1),
  start_index: z.int().min(0),
  end_index: z.int().min(0),
  label_document_id: z.string().min(1),
});

const documentSchema = z.object({
  document_id: z.string().min(1),
  title: z.string().default(''),
  text: z.string(),
});

interface Mention extends z.infer<typeof mentionSchema> {
  readonly line: number;
}

/**
 * Reads a split of ZESHEL, https://github.com/lajanugen/zeshel: a mention with the words around it is a query, the
 * pages of all wikis that the split's mentions come from are the documents, and the page that a mention is
 * linked to is relevant.
 * @param mentions mentions/SPLIT.json, one mention a line
 * @param documents documents/WIKI.json by WIKI, one page a line
 * @throws UserError with file and line
 */
export async function readZeshel(
  mentions: NamedSource,
  documents: ReadonlyMap<string, NamedSource>,
  head: CollectionHead,
): Promise<ReadCollection> {
  const wanted = await readMentions(mentions);
  const byPage = new Map<string, Mention[]>();
  for (const mention of wanted) {
    byPage.set(mention.context_document_id, [...(byPage.get(mention.context_document_id) ?? []), mention]);
  }
  const ids: string[] = [];
  const texts: string[] = [];
  const rows = new Map<string, number>();
  const queries = new Map<Mention, string>();
  for (const wiki of new Set(wanted.map(({ corpus }) => corpus))) {
    const source = documents.get(wiki);
    if (!source) {
      throw new UserError(
        `names the wiki "${wiki}", whose pages are not here; drop documents/${wiki}.json with it.`,
        { file: mentions.name },
      );
    }
    for await (const { value, line } of recordsOf(source)) {
      const read = documentSchema.safeParse(value);
      if (!read.success) {
        throw new UserError('is no page of ZESHEL; it needs "document_id", "title" and "text".', {
          file: source.name,
          line,
        });
      }
      const { document_id: id, title, text } = read.data;
      for (const mention of byPage.get(id) ?? [])
        queries.set(mention, inContext(mention, text, mentions.name));
      // The text of a page begins with its title.
      const whole = (text.startsWith(title) ? text : `${title} ${text}`).trim();
      if (rows.has(id) || whole === '') continue;
      rows.set(id, ids.length);
      ids.push(id);
      texts.push(whole);
    }
  }
  const qrels = wanted.map((mention) => {
    const row = rows.get(mention.label_document_id);
    const place = { file: mentions.name, line: mention.line };
    if (row === undefined) {
      throw new UserError(
        `links to the page "${mention.label_document_id}", which is not in documents/${mention.corpus}.json; take both from one download.`,
        place,
      );
    }
    if (!queries.has(mention)) {
      throw new UserError(
        `stands on the page "${mention.context_document_id}", which is not in documents/${mention.corpus}.json; take both from one download.`,
        place,
      );
    }
    return new Map([[row, 1]]);
  });
  return {
    collection: {
      ...head,
      corpus: { ids, texts },
      queries: {
        ids: wanted.map(({ mention_id }) => mention_id),
        texts: wanted.map((mention) => queries.get(mention)!),
      },
      qrels,
    },
    warnings: [],
  };
}

async function readMentions(source: NamedSource): Promise<Mention[]> {
  const mentions: Mention[] = [];
  for await (const { value, line } of recordsOf(source)) {
    const read = mentionSchema.safeParse(value);
    if (!read.success) {
      throw new UserError(
        `is no mention of ZESHEL; "${read.error.issues[0]?.path.join('.') ?? ''}" is missing or of another kind.`,
        { file: source.name, line },
      );
    }
    mentions.push({ ...read.data, line });
  }
  if (mentions.length === 0) {
    throw new UserError('is empty; it needs one mention a line.', { file: source.name });
  }
  return mentions;
}

/** Positions count words between white space; the last one belongs to the mention. */
function inContext(
  { start_index: start, end_index: end, line }: Mention,
  page: string,
  file: string,
): string {
  const words = page.split(/\s+/);
  if (end >= words.length || end < start) {
    throw new UserError(
      `stands at the words ${start} to ${end} of a page of ${words.length}; take both from one download.`,
      { file, line },
    );
  }
  return words.slice(Math.max(0, start - contextWords), end + 1 + contextWords).join(' ');
}
