/** A comma that may stand before decimals or between thousands. */
const ambiguous = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
const decimal = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/** Whether a number's comma may be one of thousands or of decimals. */
export function isAmbiguousNumber(text: string): boolean {
  return ambiguous.test(text.trim());
}

/**
 * The number that a cell holds: 64-bit integers of Parquet, true (1) and false (0), and text with a decimal point or
 * comma. null for everything else, and where a comma may stand between thousands.
 */
export function numberOfCell(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
  if (!decimal.test(text) || isAmbiguousNumber(text)) return null;
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : null;
}
