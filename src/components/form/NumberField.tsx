import { useEffect, useId, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  /** undefined where several values are meant at once; null where empty means all. */
  readonly value: number | null | undefined;
  readonly min: number;
  readonly max?: number;
  /** What an empty field stands for; without it a number is needed. */
  readonly empty?: string;
  readonly onChange: (value: number | null) => void;
}

/** A whole number. What is no such number is marked and not taken. */
export function NumberField({ label, value, min, max, empty, onChange }: NumberFieldProps) {
  const [text, setText] = useState(textOf(value));
  const [wrong, setWrong] = useState(false);
  const id = useId();
  useEffect(() => {
    setText(textOf(value));
    setWrong(false);
  }, [value]);
  const take = (typed: string): void => {
    setText(typed);
    const trimmed = typed.trim();
    const number = Number(trimmed);
    const isNothing = trimmed === '' && empty !== undefined;
    const isRight =
      trimmed !== '' && Number.isInteger(number) && number >= min && (max === undefined || number <= max);
    setWrong(!isNothing && !isRight);
    if (isNothing) onChange(null);
    else if (isRight) onChange(number);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="numeric"
        value={text}
        placeholder={value === undefined ? 'varies' : empty}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => take(event.target.value)}
      />
      {wrong ? (
        <p id={`${id}-wrong`} className="field-problem">
          Enter a whole number from {min}
          {max === undefined ? '' : ` to ${max}`}
          {empty === undefined ? '' : `, or nothing for ${empty}`}.
        </p>
      ) : null}
    </div>
  );
}

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
