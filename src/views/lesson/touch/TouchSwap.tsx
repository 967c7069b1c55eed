import { useId } from 'react';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { signed } from '../../../lab/lesson/numbers.ts';
import { changePair, compareBothWays, useLessonSwap } from '../../../state/lessonSwap.ts';

/** A pair to change, and its scores both ways round. */
export function TouchSwap() {
  const id = useId();
  const { pair, swapped } = useLessonSwap();
  const text = english.controls.swap;
  return (
    <>
      {(['query', 'document'] as const).map((side) => (
        <div key={side} className="field">
          <label htmlFor={`${id}${side}`}>{text[side]}</label>
          <input
            id={`${id}${side}`}
            value={pair[side]}
            onChange={(event) => changePair({ [side]: event.target.value })}
          />
        </div>
      ))}
      <div className="button-row">
        <button type="button" onClick={() => void compareBothWays()}>
          {text.compare}
        </button>
      </div>
      {swapped?.status === 'ready' ? (
        <PlainTable
          table={{
            caption: text.caption,
            columns: [text.score, text.given, text.swapped],
            rows: [
              [text.logit, ...swapped.value.logit.map((value) => signed(value, 2))],
              [text.cosine, ...swapped.value.cosine.map((value) => signed(value, 3))],
            ].map((row) => row.map(String)),
          }}
        />
      ) : null}
    </>
  );
}
