import { type FormEvent, useId, useState } from 'react';
import { Problem } from '../../../components/Problem.tsx';
import { lookInto, stopLooking, useHubLook } from '../../../state/hub.ts';
import { HubPreviewFields } from './HubPreviewFields.tsx';

/** Any data set of the hub by its id: looked into first, then taken. */
export function AnotherDataset() {
  const look = useHubLook((state) => state.look);
  const [text, setText] = useState('');
  const id = useId();
  const failed = look?.status === 'failed';
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
              if (look) stopLooking();
            }}
          />
        </div>
        <button type="submit" disabled={look?.status === 'loading'}>
          Look into it
        </button>
      </form>
      {look?.status === 'loading' ? <p role="status">Reading…</p> : null}
      {look?.status === 'failed' ? <Problem id={`${id}-wrong`}>{look.sentence}</Problem> : null}
      {look?.status === 'ready' ? (
        <HubPreviewFields
          key={`${look.value.source} ${look.value.subset}`}
          preview={look.value}
          onTaken={() => {
            stopLooking();
            setText('');
          }}
        />
      ) : null}
    </section>
  );
}
