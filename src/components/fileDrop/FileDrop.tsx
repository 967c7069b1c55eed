import { type DragEvent, useId, useState } from 'react';
import { type Dropped, readDrop, readInput } from './readDrop.ts';

interface FileDropProps {
  readonly label: string;
  readonly hint: string;
  readonly busy: boolean;
  readonly onDrop: (dropped: Promise<Dropped>) => void;
}

/** A place to let files fall on, with buttons that do the same. */
export function FileDrop({ label, hint, busy, onDrop }: FileDropProps) {
  const [over, setOver] = useState(false);
  const id = useId();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onDrop(readDrop(event.dataTransfer));
  };
  const choose = (input: HTMLInputElement): void => {
    if (input.files && input.files.length > 0) onDrop(Promise.resolve(readInput(input.files)));
    // So that the same file, corrected, can be chosen again.
    input.value = '';
  };
  return (
    <section
      className="file-drop"
      data-over={over}
      aria-labelledby={`${id}-label`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p id={`${id}-label`}>
        <strong>{label}</strong>
      </p>
      <p className="quiet">{hint}</p>
      <div className="button-row">
        <label className="button small">
          Choose files
          <input
            type="file"
            multiple
            className="visually-hidden"
            disabled={busy}
            onChange={(event) => choose(event.currentTarget)}
          />
        </label>
        <label className="button small">
          Choose a folder
          <input
            type="file"
            className="visually-hidden"
            disabled={busy}
            ref={(input) => input?.setAttribute('webkitdirectory', '')}
            onChange={(event) => choose(event.currentTarget)}
          />
        </label>
        {busy ? <span role="status">Reading…</span> : null}
      </div>
    </section>
  );
}
