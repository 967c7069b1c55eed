import type { Tokenizer } from '@huggingface/tokenizers';
import { singleEncoder } from '../tokenise.ts';
import type { RowEncoder } from '../types.ts';
import type { OwnReading } from './ownReading.ts';

/**
 * Texts of one role as sentence-transformers reads them: behind their prompt, lowercased where the model asks for
 * it, cut to the model's own length. Pooled are all tokens, or those behind the prompt.
 */
export function ownEncoder(
  tokenizer: Tokenizer,
  reading: OwnReading,
  role: 'query' | 'document',
  padTokenId: number,
): RowEncoder {
  const { maxLength, lowerCase, pooling } = reading;
  const cased = (text: string): string => (lowerCase ? text.toLowerCase() : text);
  const plain = singleEncoder(tokenizer, { rule: 'all' }, maxLength, padTokenId);
  const prompt = reading.prompts[role];
  const skipped = prompt === '' || pooling.includePrompt ? 0 : promptLength(plain, cased(prompt), tokenizer);
  const steps = reading.steps.map(({ key }) => key);
  return {
    key: [
      `own ${pooling.modes.join('+')}${pooling.includePrompt ? '' : ' without prompt'}`,
      `${lowerCase ? 'lower ' : ''}${maxLength}`,
      ...steps,
    ].join(', '),
    prompt,
    padTokenId,
    encode(text) {
      const row = plain.encode(cased(prompt + text));
      return skipped === 0
        ? row
        : { ...row, pool: row.pool.fill(0, 0, Math.min(skipped, row.pool.length - 1)) };
    },
  };
}

const probe = 'a';

/** Tokens of a prompt with the specials before it; one that stands behind every text is not of the prompt. */
function promptLength(encoder: RowEncoder, prompt: string, tokenizer: Tokenizer): number {
  const content = tokenizer.encode(probe, { add_special_tokens: false }).ids;
  const closed = tokenizer.encode(probe).ids.at(-1) !== content.at(-1);
  return encoder.encode(prompt).inputIds.length - (closed ? 1 : 0);
}
