import { useId, useState } from 'react';
import type { Measure, TokenFigures } from '../../../lab/explore/tokenFigures.ts';
import { measureName } from '../../../lab/explore/whySentences.ts';
import { askWhy, useWhy } from '../../../state/why.ts';

interface TokenPickerProps {
  readonly models: readonly TokenFigures[];
  readonly measure: Measure;
}

/** Points a token out by the keyboard: found by its letters, or one after the other from common to rare. */
export function TokenPicker({ models, measure }: TokenPickerProps) {
  const token = useWhy((state) => state.asked.token);
  const [typed, setTyped] = useState('');
  const [findId, sliderId] = [useId(), useId()];
  const tokens = models[0]?.tokens ?? [];
  const at = token === null ? -1 : tokens.indexOf(token);
  const find = (text: string): void => {
    setTyped(text);
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return;
    const all = models.flatMap((model) => model.tokens);
    const found =
      all.find((one) => one.toLowerCase() === wanted) ??
      all.find((one) => one.toLowerCase().startsWith(wanted));
    if (found !== undefined) askWhy({ token: found });
  };
  return (
    <>
      <div className="field">
        <label htmlFor={findId}>Find a token</label>
        <input id={findId} type="search" value={typed} onChange={(event) => find(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor={sliderId}>Token, from common to rare</label>
        <input
          id={sliderId}
          type="range"
          min={0}
          max={Math.max(0, tokens.length - 1)}
          value={Math.max(0, at)}
          aria-valuetext={token === null ? 'none' : wordsOn(token, models, measure)}
          onChange={(event) => askWhy({ token: tokens[Number(event.target.value)] ?? null })}
        />
      </div>
      <p className="token-readout" aria-live="polite">
        {token === null ? 'No token is pointed out yet.' : wordsOn(token, models, measure)}
      </p>
    </>
  );
}

/** A token's figures in both models. */
function wordsOn(token: string, models: readonly TokenFigures[], measure: Measure): string {
  const of = models.map(({ model, tokens, counts, idf, values }) => {
    const i = tokens.indexOf(token);
    const name = model.toUpperCase();
    if (i < 0) return `${name}: not among its tokens here`;
    return `${name}: in ${counts[i]!.toLocaleString('en')} documents, IDF ${idf[i]!.toFixed(2)}, ${measureName(measure)} ${values[measure][i]!.toFixed(3)}`;
  });
  return `“${token}”. ${of.join('. ')}.`;
}
