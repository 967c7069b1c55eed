import type { ModelKind } from '../../lab/models/types.ts';
import { series } from './series.ts';

interface MarkerProps {
  readonly model: ModelKind;
  readonly x: number;
  readonly y: number;
  readonly strong?: boolean;
}

/** A filled disc for the CE, a hollow square for the DE. */
export function Marker({ model, x, y, strong = false }: MarkerProps) {
  const { colour } = series[model];
  const r = strong ? 5.5 : 3.5;
  return model === 'ce' ? (
    <circle cx={x} cy={y} r={r} fill={colour} stroke="var(--surface)" strokeWidth={1} />
  ) : (
    <rect
      x={x - r}
      y={y - r}
      width={2 * r}
      height={2 * r}
      fill="var(--surface)"
      stroke={colour}
      strokeWidth={2}
    />
  );
}
