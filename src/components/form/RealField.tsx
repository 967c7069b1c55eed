import { useEffect, useId, useState } from 'react';

interface RealFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  /** Values from here on are not taken. */
  readonly below?: number;
  readonly onChange: (value: number) => void;
}

/** A number, also as 2e-5. What is none is marked and not taken. */
export function RealField({ label, value, min, below = Number.POSITIVE_INFINITY, onChange }: RealFieldProps) {
  const [text, setText] = useState(String(value));
  const [wrong, setWrong] = useState(false);
  const id = useId();
  useEffect(() => {
    // While it is typed, "0.10" stays as it is.
    setText((typed) => (Number(typed) === value && typed.trim() !== '' ? typed : String(value)));
    setWrong(false);
  }, [value]);
  const take = (typed: string): void => {
    setText(typed);
    const number = Number(typed);
    const isRight = typed.trim() !== '' && Number.isFinite(number) && number >= min && number < below;
    setWrong(!isRight);
    if (isRight) onChange(number);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        value={text}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => take(event.target.value)}
      />
      {wrong ? (
        <p id={`${id}-wrong`} className="field-problem">
          Enter a number from {min}
          {Number.isFinite(below) ? ` and below ${below}` : ''}.
        </p>
      ) : null}
    </div>
  );
}
