import { SelectField } from '../components/form/SelectField.tsx';
import { type Shown, useView } from '../state/view.ts';

interface ShownChoiceProps {
  readonly shown: Shown;
  readonly choices: readonly Shown[];
  readonly titles: Readonly<Record<Shown, string>>;
}

/** Chooses between the stored result, the run made here and an opened report, where there are several. */
export function ShownChoice({ shown, choices, titles }: ShownChoiceProps) {
  const show = useView((state) => state.show);
  if (choices.length < 2) return null;
  return (
    <SelectField
      label="Show"
      value={shown}
      options={choices.map((one) => [one, titles[one]] as const)}
      onChange={show}
    />
  );
}
