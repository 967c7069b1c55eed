import { useEffect, useId, useState } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly suggestions?: readonly string[];
  /** What is wrong with a text, in one sentence; null when it can be taken. */
  readonly check: (text: string) => string | null;
  readonly onChange: (text: string) => void;
}

/** A line of text that is taken when it is left or confirmed, if nothing is wrong with it. */
export function TextField({ label, value, suggestions = [], check, onChange }: TextFieldProps) {
  const [text, setText] = useState(value);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const wrong = text === value ? null : check(text);
  const take = (): void => {
    if (text !== value && wrong === null) onChange(text);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={text}
        list={suggestions.length > 0 ? `${id}-list` : undefined}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
      {suggestions.length > 0 ? (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      ) : null}
      {wrong ? (
        <p id={`${id}-wrong`} className="field-problem">
          {wrong}
        </p>
      ) : null}
    </div>
  );
}
