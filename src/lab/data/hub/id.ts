import { UserError } from '../../../base/userError.ts';

/**
 * The source that an id means, as it is typed or copied: OWNER/NAME, with @REVISION, `hub:` or the address of
 * its page.
 * @throws UserError when it is no id
 */
export function hubSourceOf(text: string): string {
  const id = /^(?:hub:|(?:https?:\/\/)?[\w.-]+\/datasets\/)?([\w.-]+\/[\w.-]+)(@[\w./-]+)?\/?$/.exec(
    text.trim(),
  );
  if (!id) {
    throw new UserError(
      text.trim() === ''
        ? 'Write the id of a data set, as sentence-transformers/quora-duplicates.'
        : `"${text.trim()}" is no id of a data set; write OWNER/NAME, as sentence-transformers/quora-duplicates.`,
    );
  }
  return `hub:${id[1]}${id[2] ?? ''}`;
}
