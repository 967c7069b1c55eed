import { type FormEvent, useId, useState } from 'react';
import { lookInto, stopLooking, useHubLook } from '../../../state/hub.ts';
import { HubPreviewFields } from './HubPreviewFields.tsx';

/** Any data set of the hub by its id: looked into first, then taken. */
export function AnotherDataset() {
  const look = useHubLook((state) => state.look);
  const [text, setText] = useState('');
  const id = useId();
  const failed = look.status === 'failed';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void lookInto(text);
  };
  return (
    <section className="hub-another" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>Another data set</h3>
      <form onSubmit={submit}>
        <div className="field">
          <label htmlFor={id}>Id on the hub</label>
          <input
            id={id}
            value={text}
            placeholder="OWNER/NAME"
            spellCheck={false}
            autoComplete="off"
            aria-invalid={failed}
            aria-describedby={failed ? `${id}-wrong` : undefined}
            onChange={(event) => {
              setText(event.target.value);
              if (look.status !== 'none') stopLooking();
            }}
          />
        </div>
        <button type="submit" disabled={look.status === 'looking'}>
          Look into it
        </button>
      </form>
      {look.status === 'looking' ? <p role="status">Reading…</p> : null}
      {look.status === 'failed' ? (
        <p className="problem" role="alert" id={`${id}-wrong`}>
          {look.sentence}
        </p>
      ) : null}
      {look.status === 'ready' ? (
        <HubPreviewFields
          key={`${look.preview.source} ${look.preview.subset}`}
          preview={look.preview}
          onTaken={() => {
            stopLooking();
            setText('');
          }}
        />
      ) : null}
    </section>
  );
}
