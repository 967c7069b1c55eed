import { PaperMark } from '../../components/PaperMark.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import type { Claim, Verdict } from '../../lab/paper/claims.ts';

const tones: Readonly<Record<Verdict, string>> = {
  follows: 'good',
  'does not follow': 'bad',
  'cannot be told from the table': 'open',
};
const signs: Readonly<Record<Verdict, string>> = {
  follows: '✓',
  'does not follow': '✗',
  'cannot be told from the table': '?',
};

/** A sentence of the paper, what Table 1 says of it, and the arithmetic behind. */
export function ClaimCard({ claim }: { readonly claim: Claim }) {
  const { id, section, quote, says, verdict, because, inputs, steps, rounding } = claim;
  return (
    <article className="card claim" aria-labelledby={`claim-${id}`}>
      <div className="claim-head">
        <h4 id={`claim-${id}`}>{says}</h4>
        <span className="verdict" data-tone={tones[verdict]}>
          <span aria-hidden="true">{signs[verdict]} </span>
          {verdict}
        </span>
        {rounding?.decides ? (
          <span className="verdict" data-tone="open">
            rounding decides
          </span>
        ) : null}
      </div>
      <blockquote>
        <p>
          “{quote}” <cite className="quiet">section {section}</cite> <PaperMark />
        </p>
      </blockquote>
      <p>{because}</p>
      {rounding ? <p className="quiet">{rounding.sentence}</p> : null}
      {steps.length > 0 ? (
        <details>
          <summary>The arithmetic</summary>
          <PlainSteps claim={claim} />
          {inputs ? (
            <>
              <p className="quiet">
                What goes in: {inputs.caption} <PaperMark />
              </p>
              <PlainTable table={inputs} of={`Figures behind “${says}”`} />
            </>
          ) : null}
        </details>
      ) : null}
    </article>
  );
}

function PlainSteps({ claim: { steps } }: { readonly claim: Claim }) {
  return (
    <dl className="steps">
      {steps.map(({ what, how, result, agrees }) => (
        <div key={what}>
          <dt>
            {what}
            {agrees === undefined ? null : (
              <span className="quiet">{agrees ? ' gives what the paper says' : ' does not give it'}</span>
            )}
          </dt>
          <dd className="quiet">{how}</dd>
          <dd className="result">{result}</dd>
        </div>
      ))}
    </dl>
  );
}
