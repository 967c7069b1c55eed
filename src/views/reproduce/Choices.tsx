import { RadioField } from '../../components/form/RadioField.tsx';
import { reproductions } from '../../lab/paper/reproductions.ts';
import type { Size, Stand } from '../../lab/paper/specs.ts';
import { choose, useReproduce } from '../../state/reproduce/reproduce.ts';

const sizeNames: Readonly<Record<Stand, readonly (readonly [Size, string, string])[]>> = {
  paper: [
    ['small', 'Small', '200 queries, 1,000 documents of each collection'],
    ['medium', 'Medium', '1,000 queries, 10,000 documents'],
    ['full', 'Full', 'as the paper; in figures 100,000 pairs'],
  ],
  bundled: [
    ['small', 'Small', '50 queries, 200 documents of each collection'],
    ['medium', 'Medium', '200 queries, 1,000 documents'],
    ['full', 'Full', 'all queries and documents'],
  ],
};

/** Which figure, by which models, of how much. */
export function Choices() {
  const { figure, size, stand, working } = useReproduce();
  const disabled = working !== null;
  return (
    <section className="card settings choices" aria-labelledby="choices-title">
      <h2 id="choices-title">What to reproduce</h2>
      <RadioField
        legend="Figure or table"
        value={figure}
        options={reproductions.map(({ id, title, about }) => [id, title, about] as const)}
        disabled={disabled}
        onChange={(value) => choose({ figure: value })}
      />
      <RadioField
        legend="Models and collections"
        value={stand}
        options={[
          ['paper', 'The paper’s', 'downloaded from the Hugging Face hub'],
          ['bundled', 'Offline stand-in', 'the bundled mini models and collections, not the paper’s'],
        ]}
        disabled={disabled}
        onChange={(value) => choose({ stand: value })}
      />
      <RadioField
        legend="Size"
        value={size}
        options={sizeNames[stand]}
        disabled={disabled}
        onChange={(value) => choose({ size: value })}
      />
    </section>
  );
}
