import { useId, useState } from 'react';
import { RadioField } from '../../../components/form/RadioField.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { withPooling } from '../../../lab/spec/editModels.ts';
import type { Spec } from '../../../lab/spec/spec.ts';
import { pageHash } from '../../../state/lesson.ts';
import { useSettings } from '../../../state/settings.ts';

type Segments = Spec['pooling']['segments'];

/** A text as the CE reads it, and which of its tokens make the vector. */
export function TouchSelfPair() {
  const id = useId();
  const spec = useSettings((state) => state.spec);
  const text = english.controls.selfPair;
  const [typed, setTyped] = useState(text.example);
  const [segments, setSegments] = useState<Segments>('both');
  const options: readonly (readonly [Segments, string])[] = [
    ['both', text.both],
    ['first', text.first],
  ];
  const copy = typed.trim();
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{text.text}</label>
        <input id={id} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <RadioField legend={text.mean} value={segments} options={options} onChange={setSegments} />
      <p className="quiet">{text.reads}</p>
      <p className="framed">
        [CLS] <mark>{copy}</mark> [SEP] {segments === 'both' ? <mark>{copy}</mark> : copy} [SEP]
      </p>
      <p>
        <a href={pageHash('/layers', [], withPooling(spec, { segments }))}>
          {english.steps['self-pair'].open}
        </a>
      </p>
    </>
  );
}
