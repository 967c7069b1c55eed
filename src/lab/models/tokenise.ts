import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { sentenceOf, UserError } from '../../base/userError.ts';
import type { LayerPooling } from '../spec/spec.ts';
import { readJson } from './readJson.ts';
import type { EncodedText, ModelFiles, RowEncoder } from './types.ts';

const configFile = 'tokenizer_config.json';
const objectSchema = z.looseObject({});
const maxLengthSchema = z.looseObject({ model_max_length: z.number().nullish() });

/** @throws UserError when tokenizer.json is missing, or a tokeniser file is no JSON. */
export async function readTokenizer(files: ModelFiles, signal?: AbortSignal): Promise<Tokenizer> {
  await requireTokenizer(files);
  const read = (path: string): Promise<object> =>
    readJson(files, path, objectSchema, 'a tokeniser file', signal);
  const tokenizer = await read('tokenizer.json');
  const config = (await files.has(configFile)) ? await read(configFile) : {};
  try {
    return speaking(new Tokenizer(tokenizer, config), files.source);
  } catch (error) {
    throw unreadable(error, files.source);
  }
}

function unreadable(error: unknown, source: string): UserError {
  return new UserError(
    `is not a tokeniser that can be read (${sentenceOf(error)}); use the repository's file, as transformers writes it.`,
    { file: `${source}/tokenizer.json` },
  );
}

/** Of a broken file some texts can be encoded and others not: those that cannot are told in words, too. */
function speaking(tokenizer: Tokenizer, source: string): Tokenizer {
  const encode = tokenizer.encode.bind(tokenizer) as (...given: unknown[]) => unknown;
  const encodeInWords = (...given: unknown[]): unknown => {
    try {
      return encode(...given);
    } catch (error) {
      throw unreadable(error, source);
    }
  };
  return Object.assign(tokenizer, { encode: encodeInWords as Tokenizer['encode'] });
}

/** @throws UserError that names the model where it has no tokenizer.json */
export async function requireTokenizer(files: ModelFiles): Promise<void> {
  if (await files.has('tokenizer.json')) return;
  throw new UserError(
    'has no tokenizer.json; save the tokeniser in its fast form, which transformers writes with save_pretrained.',
    { file: files.source },
  );
}

/** Tokens that a tokeniser says its model reads; infinite where it does not say, which is also written 1e30. */
export async function tokenizerMaxLength(files: ModelFiles, signal?: AbortSignal): Promise<number> {
  if (!(await files.has(configFile))) return Number.POSITIVE_INFINITY;
  const { model_max_length: most } = await readJson(
    files,
    configFile,
    maxLengthSchema,
    'the configuration of a tokeniser',
    signal,
  );
  return most ?? Number.POSITIVE_INFINITY;
}

/** How a model frames one or two texts: what stands before, between and behind them. */
interface Frame {
  readonly before: Piece;
  readonly between: Piece;
  readonly behind: Piece;
  readonly firstType: number;
  readonly secondType: number;
}

interface Piece {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

const probe = 'a';

/** A text's own tokens, all of them, without what a model frames them with. */
export function contentIds(tokenizer: Tokenizer, text: string): readonly number[] {
  return tokenizer.encode(text, { add_special_tokens: false }).ids;
}

/** Ids of special tokens, that of what the vocabulary does not know among them. */
export function specialIds(tokenizer: Tokenizer): ReadonlySet<number> {
  const unknown = tokenizer.model?.unk_token_id;
  const added = [...tokenizer.get_added_tokens_decoder().values()];
  return new Set([
    ...added.filter(({ special }) => special).map(({ id }) => id),
    ...(unknown === undefined ? [] : [unknown]),
  ]);
}

/** What a row says of its text: tokens before the cut, and those the vocabulary knows. */
function countsOf(tokenizer: Tokenizer, ids: readonly number[]): EncodedText['content'] {
  const unknown = tokenizer.model?.unk_token_id;
  return { tokens: ids.length, known: ids.filter((id) => id !== unknown).length };
}

function indexOfRun(ids: readonly number[], run: readonly number[], from: number): number {
  for (let at = from; at + run.length <= ids.length; at++) {
    if (run.every((id, index) => ids[at + index] === id)) return at;
  }
  return -1;
}

/** Reads the frame off an encoded probe, so that every post-processor is understood alike. */
function frameOf(tokenizer: Tokenizer, pair: boolean): Frame {
  const content = contentIds(tokenizer, probe);
  const { ids, token_type_ids: types } = tokenizer.encode(probe, {
    text_pair: pair ? probe : null,
    return_token_type_ids: true,
  });
  const first = indexOfRun(ids, content, 0);
  const second = pair ? indexOfRun(ids, content, first + content.length) : ids.length;
  if (content.length === 0 || first < 0 || second < 0) {
    throw new UserError(
      `tokenizer.json does not frame ${pair ? 'a pair of texts' : 'a text'} as an encoder does.`,
    );
  }
  const piece = (from: number, to: number): Piece => ({
    ids: ids.slice(from, to),
    types: types.slice(from, to),
  });
  const firstEnd = first + content.length;
  return {
    before: piece(0, first),
    between: pair ? piece(firstEnd, second) : { ids: [], types: [] },
    behind: pair ? piece(second + content.length, ids.length) : piece(firstEnd, ids.length),
    firstType: types[first] ?? 0,
    secondType: pair ? (types[second] ?? 0) : 0,
  };
}

/** How a tokeniser frames one text, or a pair, by the names of its special tokens: `[CLS] A [SEP]`. */
export function templateOf(tokenizer: Tokenizer, pair: boolean): string {
  const { before, between, behind } = frameOf(tokenizer, pair);
  const names = ({ ids }: Piece): string[] => ids.map((id) => tokenizer.id_to_token(id) ?? `#${id}`);
  return [...names(before), 'A', ...(pair ? [...names(between), 'B'] : []), ...names(behind)].join(' ');
}

class RowBuilder {
  readonly #ids: number[] = [];
  readonly #types: number[] = [];
  readonly #pool: number[] = [];
  readonly #spans: (readonly [number, number])[] = [];

  piece({ ids, types }: Piece, pool: (index: number) => boolean): this {
    for (const [index, id] of ids.entries()) this.#push(id, types[index] ?? 0, pool(index));
    return this;
  }

  content(ids: readonly number[], type: number, pool: boolean): this {
    this.#spans.push([this.#ids.length, this.#ids.length + ids.length]);
    for (const id of ids) this.#push(id, type, pool);
    return this;
  }

  #push(id: number, type: number, pool: boolean): void {
    this.#ids.push(id);
    this.#types.push(type);
    this.#pool.push(pool ? 1 : 0);
  }

  finish(content?: EncodedText['content']): EncodedText {
    // A text of which the tokeniser leaves nothing is read at its first token, [CLS].
    if (!this.#pool.includes(1)) this.#pool[0] = 1;
    return {
      inputIds: Int32Array.from(this.#ids),
      tokenTypeIds: Uint8Array.from(this.#types),
      pool: Uint8Array.from(this.#pool),
      spans: this.#spans,
      ...(content ? { content } : {}),
    };
  }
}

const never = (): boolean => false;
const firstOnly = (index: number): boolean => index === 0;

/**
 * A text as a CE reads it, paired with itself: [CLS] s [SEP] s [SEP], s cut so that both copies fit
 * into `maxLength` tokens (section 3.1 of the paper).
 */
export function selfPairEncoder(
  tokenizer: Tokenizer,
  pooling: Pick<LayerPooling, 'segments' | 'cls'>,
  maxLength: number,
  padTokenId: number,
): RowEncoder {
  const frame = frameOf(tokenizer, true);
  const specials = frame.before.ids.length + frame.between.ids.length + frame.behind.ids.length;
  const room = Math.floor((maxLength - specials) / 2);
  if (room < 1)
    throw new UserError(`${maxLength} tokens hold no pair of texts; raise it.`, { field: 'maxLength' });
  return {
    key: `self-pair ${pooling.segments}${pooling.cls ? '+cls' : ''} ${maxLength}`,
    padTokenId,
    encode(text) {
      const whole = contentIds(tokenizer, text);
      const content = whole.slice(0, room);
      return new RowBuilder()
        .piece(frame.before, pooling.cls ? firstOnly : never)
        .content(content, frame.firstType, true)
        .piece(frame.between, never)
        .content(content, frame.secondType, pooling.segments === 'both')
        .piece(frame.behind, never)
        .finish(countsOf(tokenizer, whole));
    },
  };
}

/** Which tokens of one text are pooled: those of the layer-wise rule, or all, specials too. */
export type SinglePooling = { readonly rule: 'sentence'; readonly cls: boolean } | { readonly rule: 'all' };

/** A text as a DE reads it: [CLS] s [SEP]. */
export function singleEncoder(
  tokenizer: Tokenizer,
  pooling: SinglePooling,
  maxLength: number,
  padTokenId: number,
): RowEncoder {
  const frame = frameOf(tokenizer, false);
  const room = maxLength - frame.before.ids.length - frame.behind.ids.length;
  if (room < 1) throw new UserError(`${maxLength} tokens hold no text; raise it.`, { field: 'maxLength' });
  const all = pooling.rule === 'all';
  const cls = pooling.rule === 'sentence' && pooling.cls;
  return {
    key: `single ${pooling.rule}${cls ? '+cls' : ''} ${maxLength}`,
    padTokenId,
    encode(text) {
      const whole = contentIds(tokenizer, text);
      return new RowBuilder()
        .piece(frame.before, (index) => all || (cls && index === 0))
        .content(whole.slice(0, room), frame.firstType, true)
        .piece(frame.behind, () => all)
        .finish(countsOf(tokenizer, whole));
    },
  };
}

/** How pairs of texts are framed; texts that stand in many pairs are tokenised once. */
export interface PairEncoder {
  /** Identifies tokeniser rules and length in cache keys. */
  readonly key: string;
  readonly padTokenId: number;
  /** Stands before every first text. */
  readonly prompt?: string;
  content(text: string): readonly number[];
  /** @param first and @param second as {@link content} gives them */
  join(first: readonly number[], second: readonly number[]): EncodedText;
}

/**
 * Two texts as a CE reads them: [CLS] a [SEP] b [SEP], cut to `maxLength` tokens as the `longest_first` of the
 * fast tokenisers does, which sentence-transformers scores with: the longer one down to what the shorter leaves,
 * then both to half each, the longer with the odd token, the second where both are as long
 * (`truncate_encodings` in huggingface/tokenizers, tokenizers/src/utils/truncation.rs).
 */
export function pairEncoder(tokenizer: Tokenizer, maxLength: number, padTokenId: number): PairEncoder {
  const frame = frameOf(tokenizer, true);
  const room = maxLength - frame.before.ids.length - frame.between.ids.length - frame.behind.ids.length;
  if (room < 2)
    throw new UserError(`${maxLength} tokens hold no pair of texts; raise it.`, { field: 'maxLength' });
  return {
    key: `pair longest-first ${maxLength}`,
    padTokenId,
    content: (text) => contentIds(tokenizer, text),
    join(first, second) {
      const [a, b] = longestFirst(first.length, second.length, room);
      return new RowBuilder()
        .piece(frame.before, firstOnly)
        .content(first.slice(0, a), frame.firstType, false)
        .piece(frame.between, never)
        .content(second.slice(0, b), frame.secondType, false)
        .piece(frame.behind, never)
        .finish();
    },
  };
}

/** Tokens that are left of two texts. */
function longestFirst(first: number, second: number, room: number): [number, number] {
  let shorter = Math.min(first, second);
  let longer = Math.max(shorter, Math.min(Math.max(first, second), room - shorter));
  if (shorter + longer > room) {
    shorter = Math.floor(room / 2);
    longer = room - shorter;
  }
  return first > second ? [longer, shorter] : [shorter, longer];
}
