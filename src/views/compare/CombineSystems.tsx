import { useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { type Combination, combinations, withCombination } from '../../lab/spec/combineSystems.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import { useSettings } from '../../state/settings.ts';

/** One system out of two: their lists fused, or queries by one and documents by the other. */
export function CombineSystems({ names }: { readonly names: readonly string[] }) {
  const { spec, change } = useSettings();
  const [first, setFirst] = useState('bm25');
  const [second, setSecond] = useState('baseline');
  const [how, setHow] = useState<Combination>('fuse');
  const [problem, setProblem] = useState<string | null>(null);
  const options = names.map((name) => [name, systemLabel(name)] as const);
  const add = (): void => {
    try {
      const changed = withCombination(spec, how, first, second);
      setProblem(null);
      change(() => changed);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };
  return (
    <details>
      <summary>Combine two systems</summary>
      <SelectField label="How" value={how} options={combinations} onChange={setHow} />
      <SelectField
        label={how === 'fuse' ? 'First system' : 'Queries by'}
        value={first}
        options={options}
        onChange={setFirst}
      />
      <SelectField
        label={how === 'fuse' ? 'Second system' : 'Documents by'}
        value={second}
        options={options}
        onChange={setSecond}
      />
      <p className="quiet">
        {how === 'fuse'
          ? 'Reciprocal rank fusion: each document scores 1 / (60 + rank) in either list.'
          : 'Both must give vectors of one width, in one space: a small query encoder trained towards the other’s vectors, for example.'}
      </p>
      <button type="button" className="small" onClick={add}>
        Add combination
      </button>
      {problem === null ? null : <Problem onDismiss={() => setProblem(null)}>{problem}</Problem>}
    </details>
  );
}
