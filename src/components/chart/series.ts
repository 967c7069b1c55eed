import type { ModelKind } from '../../lab/models/types.ts';

/** How a model is drawn: told apart by shape and dash as well as by colour. */
export const series: Readonly<
  Record<ModelKind, { readonly name: string; readonly colour: string; readonly dash: string | undefined }>
> = {
  ce: { name: 'Cross encoder (CE)', colour: 'var(--ce)', dash: undefined },
  de: { name: 'Dual encoder (DE)', colour: 'var(--de)', dash: '6 3' },
};

export const modelKinds: readonly ModelKind[] = ['ce', 'de'];
