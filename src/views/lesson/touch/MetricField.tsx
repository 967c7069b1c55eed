import { SelectField } from '../../../components/form/SelectField.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { metricLabel } from '../../../lab/report/curves.ts';

interface MetricFieldProps {
  /** Rows whose measures can be chosen. */
  readonly rows: readonly { readonly metrics: Readonly<Record<string, number>> }[];
  readonly metric: string;
  readonly onChange: (metric: string) => void;
}

export function MetricField({ rows, metric, onChange }: MetricFieldProps) {
  const known = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
  return (
    <SelectField
      label={english.controls.metric}
      value={metric}
      options={known.map((name) => [name, metricLabel(name)] as const)}
      onChange={onChange}
    />
  );
}
