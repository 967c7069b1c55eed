import { useMemo, useState } from 'react';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { paperClaims, type Verdict } from '../../../lab/paper/claims.ts';
import { ClaimCard } from '../../paper/ClaimCard.tsx';
import '../../paper/paper.css';

/** Any claim of the paper with its arithmetic. */
export function TouchClaims() {
  const claims = useMemo(paperClaims, []);
  const [chosen, setChosen] = useState('mean-mrr-10');
  const claim = claims.find(({ id }) => id === chosen) ?? claims[0];
  const counted = (verdict: Verdict): number => claims.filter((one) => one.verdict === verdict).length;
  const text = english.controls.claims;
  return (
    <>
      <p>
        {text.counts(
          counted('follows'),
          counted('does not follow'),
          counted('cannot be told from the table'),
        )}
      </p>
      <SelectField
        label={text.choose}
        value={chosen}
        options={claims.map(({ id, says }) => [id, says] as const)}
        onChange={setChosen}
      />
      {claim ? <ClaimCard key={claim.id} claim={claim} /> : null}
    </>
  );
}
