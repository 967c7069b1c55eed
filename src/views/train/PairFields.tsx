import { type FormEvent, useId, useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { FileDrop } from '../../components/fileDrop/FileDrop.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { hubSourceOf } from '../../lab/data/hub/id.ts';
import { withTrainingData } from '../../lab/spec/editTraining.ts';
import type { TrainSpec } from '../../lab/spec/spec.ts';
import { useCollections } from '../../state/collections.ts';
import { dismissProblem, takeTrainingPairs, useDropped } from '../../state/dropped.ts';
import { useSettings } from '../../state/settings.ts';

interface PairFieldsProps {
  readonly first: TrainSpec;
  readonly set: (fields: Partial<TrainSpec>) => void;
}

const msmarco = {
  source: 'hub:sentence-transformers/msmarco-bm25',
  title: 'MS MARCO, with BM25 negatives',
  about: 'from the hub, as the paper',
};

/** What the models are trained on: bundled pairs, the user's own, and data sets of the hub. */
export function PairFields({ first, set }: PairFieldsProps) {
  const bundled = useCollections((state) => state.bundled);
  const { collections: dropped, reading, problem } = useDropped();
  const known: { source: string; title: string; about?: string }[] = [
    ...bundled.map(({ source, title }) => ({ source, title })),
    msmarco,
    ...dropped.map(({ name }) => ({ source: `folder:${name}`, title: name, about: 'dropped' })),
  ];
  const others = first.data.filter((source) => known.every((one) => one.source !== source));
  const take = (source: string, taken: boolean): void =>
    useSettings.getState().change((was) => withTrainingData(was, source, taken));
  return (
    <fieldset>
      <legend>Training pairs</legend>
      {[...known, ...others.map((source) => ({ source, title: source, about: undefined }))].map(
        ({ source, title, about }) => {
          const taken = first.data.includes(source);
          return (
            <label key={source} className="check">
              <input
                type="checkbox"
                checked={taken}
                disabled={taken && first.data.length === 1}
                onChange={(event) => take(source, event.target.checked)}
              />
              <span>
                {title} {about ? <span className="quiet">{about}</span> : null}
              </span>
            </label>
          );
        },
      )}
      <AddHubPairs onAdd={(source) => take(source, true)} />
      <FileDrop
        label="Drop pairs or triplets here"
        hint="As .tsv, .csv, .jsonl or .parquet, or a BEIR folder with judged training queries."
        busy={reading}
        onDrop={(files) => void takeTrainingPairs(files)}
      />
      {problem ? <Problem onDismiss={dismissProblem}>{problem}</Problem> : null}
      <SelectField
        label="Hard negatives"
        value={first.negatives}
        options={[
          ['bm25', 'mined by BM25 (k1 0.9, b 0.4)'],
          ['given', 'as given in the file'],
          ['none', 'none, only the batch’s other documents'],
        ]}
        onChange={(negatives) => set({ negatives })}
      />
      <p className="quiet">
        From a data set of the hub, only as many pairs are downloaded as the steps need, from its train split.
      </p>
    </fieldset>
  );
}

function AddHubPairs({ onAdd }: { readonly onAdd: (source: string) => void }) {
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    try {
      onAdd(hubSourceOf(text));
      setText('');
      setWrong(null);
    } catch (error) {
      setWrong(sentenceOf(error));
    }
  };
  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor={id}>Another data set of the hub</label>
      <div className="button-row">
        <input
          id={id}
          type="text"
          value={text}
          placeholder="OWNER/NAME"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong !== null}
          aria-describedby={wrong === null ? undefined : `${id}-wrong`}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="small">
          Add
        </button>
      </div>
      {wrong === null ? null : <Problem id={`${id}-wrong`}>{wrong}</Problem>}
    </form>
  );
}
