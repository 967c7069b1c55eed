/** What a field of a TREC file cannot hold: white space and control characters, and halves of a UTF-16 pair. */
const unfit = /[\s\p{Cc}\p{Cs}]/u;
const eachUnfit = new RegExp(unfit, 'gu');
/**
 * What {@link toTrecId} writes: a percent sign, ASCII's control characters and space, U+0080 to U+00A0, the spaces
 * further up, and halves. Other percent signs, as of addresses, stay as they are.
 */
const written =
  /%25|%[01][0-9A-F]|%20|%7F|%C2%(?:[89][0-9A-F]|A0)|%E1%9A%80|%E2%80%(?:8[0-9A]|A[89F])|%E2%81%9F|%E3%80%80|%EF%BB%BF|%uD[89A-F][0-9A-F]{2}/;
const eachWritten = new RegExp(written, 'g');

/**
 * An id as a field of a TREC file, in which white space ends a field: percent-encoded where it has to be, else as it
 * is. No two ids become one, and {@link fromTrecId} gives the id back.
 */
export function toTrecId(id: string): string {
  if (!unfit.test(id) && !written.test(id)) return id;
  return id
    .replaceAll('%', '%25')
    .replaceAll(eachUnfit, (character) =>
      /\p{Cs}/u.test(character)
        ? `%u${character.charCodeAt(0).toString(16).toUpperCase()}`
        : encodeURIComponent(character),
    );
}

/** The id that {@link toTrecId} wrote so. */
export function fromTrecId(field: string): string {
  return field.replaceAll(eachWritten, (part) =>
    part.startsWith('%u')
      ? String.fromCharCode(Number.parseInt(part.slice(2), 16))
      : decodeURIComponent(part),
  );
}

/**
 * Finds ids by a TREC file's fields: as this lab writes them, else as they are, else with `_` for each white space,
 * as many tools write them, where that means one id only.
 * @returns a function from a field to the row of its id
 */
export function trecIdReader(rows: ReadonlyMap<string, number>): (field: string) => number | undefined {
  const plain = new Map<string, number | undefined>();
  for (const [id, row] of rows) {
    if (!/\s/.test(id)) continue;
    const underscored = id.replaceAll(/\s/g, '_');
    plain.set(underscored, plain.has(underscored) ? undefined : row);
  }
  return (field) => rows.get(fromTrecId(field)) ?? rows.get(field) ?? plain.get(field);
}
