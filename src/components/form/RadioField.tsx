import { useId } from 'react';

interface RadioFieldProps<T extends string> {
  readonly legend: string;
  readonly value: T;
  /** Value, what it is called, and what it means. */
  readonly options: readonly (readonly [value: T, name: string, about?: string])[];
  readonly disabled?: boolean;
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function RadioField<T extends string>({
  legend,
  value,
  options,
  disabled,
  onChange,
}: RadioFieldProps<T>) {
  const name = useId();
  return (
    <fieldset disabled={disabled}>
      <legend>{legend}</legend>
      {options.map(([option, title, about]) => (
        <label key={option} className="check">
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>
            {title}
            {about ? <span className="quiet"> {about}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
