/** How the lesson writes numbers. */
export const three = (value: number): string => value.toFixed(3);

export const count = (value: number): string => value.toLocaleString('en');

export const share = (part: number, whole: number): string =>
  whole > 0 ? `${((100 * part) / whole).toFixed(0)} %` : 'no share';

/** With a true minus. */
export const signed = (value: number, decimals: number): string => {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
};

/** "−0.043 to 0.169". */
export const interval = (bounds: readonly [number, number] | null): string =>
  bounds ? `${signed(bounds[0], 3)} to ${signed(bounds[1], 3)}` : 'nowhere, with so few pairs';

/** Three decimals, or the first digit below them. */
export const pText = (p: number): string => (p < 0.0005 ? String(Number(p.toPrecision(1))) : p.toFixed(3));

/** "emb, 1 and 2". */
export const list = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : items.join('');

/** Seconds as a lesson says them: fractions count where they are all there is. */
export function seconds(value: number): string {
  if (value < 0.95) return `${value.toPrecision(2)} s`;
  if (value < 60) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  const minutes = Math.round(value / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 600) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} hours` : `${count(Math.round(hours / 24))} days`;
}
