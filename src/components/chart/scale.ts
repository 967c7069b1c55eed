/** An axis that ends at round numbers, and its marks, evenly between. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** Marks stand so many powers of ten apart. */
const steps = [1, 2, 2.5, 5, 10, 20] as const;
const mostIntervals = 5;

/** The axis with the smallest round step that covers 0 and all values; without values it goes from 0 to 1. */
export function roundScale(values: readonly number[]): Scale {
  const known = values.filter(Number.isFinite);
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  return low === high ? spread(0, 4, 0.25) : scaleOver(low, high);
}

/** The same without 0, for values that are told apart only by what lies between them. */
export function closeScale(values: readonly number[]): Scale {
  const known = values.filter(Number.isFinite);
  const low = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return high > low ? scaleOver(low, high) : roundScale(known);
}

function scaleOver(low: number, high: number): Scale {
  const magnitude = 10 ** Math.floor(Math.log10((high - low) / mostIntervals));
  // Sums such as 0.1 + 0.2 are off in the last bit, which must not add an interval.
  const first = (size: number): number => Math.floor(low / size + 1e-9);
  const last = (size: number): number => Math.ceil(high / size - 1e-9);
  const step = steps.find((one) => last(one * magnitude) - first(one * magnitude) <= mostIntervals) ?? 20;
  const size = step * magnitude;
  return spread(first(size), last(size), size);
}

function spread(first: number, last: number, step: number): Scale {
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(10)),
  );
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks };
}
