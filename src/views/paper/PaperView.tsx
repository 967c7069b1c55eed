import { useMemo } from 'react';
import { type Claim, limitation, paperClaims, verdicts } from '../../lab/paper/claims.ts';
import { ClaimCard } from './ClaimCard.tsx';
import { Differences } from './Differences.tsx';
import '../layers/layers.css';
import './paper.css';
import { TableOne } from './TableOne.tsx';

const sections = [
  { section: '4.3', title: 'Section 4.3, layer by layer' },
  { section: '4.4', title: 'Section 4.4, infused dual encoders' },
] as const;

/** The paper's own figures, and what its sentences say that they do and do not show. */
export function PaperView() {
  const claims = useMemo(paperClaims, []);
  return (
    <div className="paper-view">
      <section className="intro" aria-labelledby="paper-intro">
        <h2 id="paper-intro">The paper, held against its own table</h2>
        <p>
          <cite>Can Cross Encoders Produce Useful Sentence Embeddings?</cite> draws its conclusions from one
          table. Here is that table, and every claim of sections 4.3 and 4.4 computed from it again:{' '}
          {counts(claims)}. Each shows its arithmetic.
        </p>
        <p>
          A verdict is on the figures <em>as printed</em>. Two decimals leave things open: where an unrounded
          table that prints the same could as well say the opposite, the claim is marked{' '}
          <em>rounding decides</em>. That a claim does not follow means that the table and the sentence
          disagree, not which of the two is mistaken.
        </p>
      </section>
      <TableOne />
      <Differences />
      {sections.map(({ section, title }) => (
        <section key={section} className="claims" aria-labelledby={`claims-${section}`}>
          <h3 id={`claims-${section}`}>{title}</h3>
          {claims
            .filter((claim) => claim.section === section)
            .map((claim) => (
              <ClaimCard key={claim.id} claim={claim} />
            ))}
        </section>
      ))}
      <section className="card claim limitation" aria-labelledby="limitation">
        <h3 id="limitation">No significant difference is not equality</h3>
        <blockquote>
          <p>
            “{limitation}” <cite className="quiet">the paper’s Limitations</cite>
          </p>
        </blockquote>
        <p>
          A test that finds no difference may only be too small to find one. To show that two systems are
          alike takes a margin fixed beforehand, and an interval of the difference that lies within it.
        </p>
      </section>
    </div>
  );
}

function counts(claims: readonly Claim[]): string {
  return verdicts
    .map((verdict) => `${claims.filter((claim) => claim.verdict === verdict).length} ${phrases[verdict]}`)
    .join(', ');
}

const phrases = {
  follows: 'follow',
  'does not follow': 'do not',
  'cannot be told from the table': 'cannot be told from it',
} as const;
