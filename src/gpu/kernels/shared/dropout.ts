/** One place of dropout in one step: the mask is a pure function of these and of token and column. */
export interface Dropout {
  readonly rate: number;
  readonly key: number;
  readonly site: number;
}

/** Fields of a kernel that drops. */
export const dropoutTypes = {
  dropoutKey: 'u32',
  dropoutSite: 'u32',
  dropoutThreshold: 'u32',
  dropoutScale: 'f32',
} as const;

export function dropoutParameters(
  dropout: Dropout | null,
): Readonly<Record<keyof typeof dropoutTypes, number>> {
  return {
    dropoutKey: dropout?.key ?? 0,
    dropoutSite: dropout?.site ?? 0,
    dropoutThreshold: dropout ? Math.floor(dropout.rate * 2 ** 32) : 0,
    dropoutScale: dropout ? 1 / (1 - dropout.rate) : 1,
  };
}
