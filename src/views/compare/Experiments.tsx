import { useState } from 'react';
import { experiments } from '../../lab/compare/experiments.ts';
import { useSettings } from '../../state/settings.ts';

/** Questions that one press sets up; Compare answers them. */
export function Experiments() {
  const change = useSettings((state) => state.change);
  const [said, setSaid] = useState('');
  return (
    <section className="card" aria-labelledby="experiments-title">
      <h2 id="experiments-title">Questions to ask</h2>
      <ul className="plain experiments">
        {experiments.map(({ name, question, setUp }) => (
          <li key={name}>
            <button
              type="button"
              className="small"
              onClick={() => {
                change(setUp);
                setSaid(`${name} is set up; press Compare.`);
              }}
            >
              {name}
            </button>{' '}
            <span className="quiet">{question}</span>
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
    </section>
  );
}
