import { useState } from 'react';
import { FileDrop } from '../../components/fileDrop/FileDrop.tsx';
import { NumberField } from '../../components/form/NumberField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { changeCompare, withoutSystem, withSystem } from '../../lab/spec/editComparison.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import { systemsOf } from '../../lab/spec/systemName.ts';
import { dismissProblem, takeSystem, useDropped } from '../../state/dropped.ts';
import { useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { CombineSystems } from './CombineSystems.tsx';

const always = [
  'baseline',
  'bm25',
  'ce-layer-0',
  'ce-layer-1',
  'ce-layer-2',
  'de-layer-0',
  'de-layer-1',
  'static-ce',
  'static-de',
  'static-ce idf',
  'static-de idf',
];

/** The systems, in the order of the table; the first is what the others are held against. */
export function SystemFields() {
  const { spec, change } = useSettings();
  const { problem, reading } = useDropped();
  const systems = systemsOf(spec);
  const known = useKnownSystems();
  return (
    <fieldset>
      <legend>Systems</legend>
      <ul className="chips">
        {systems.map((system, index) => (
          <li key={system}>
            <span>
              {systemLabel(system)}
              {index === 0 ? <span className="quiet"> (reference)</span> : null}
            </span>
            <button
              type="button"
              className="small"
              aria-label={`Leave out ${systemLabel(system)}`}
              disabled={systems.length === 1}
              onClick={() => change((was) => withoutSystem(was, system))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <AddSystem known={known.filter((system) => !systems.includes(system))} />
      <CombineSystems names={[...new Set([...systems, ...known])]} />
      <FileDrop
        label="Drop a model folder or a TREC run file"
        hint="A model in the hub’s layout, or lines of “query Q0 document rank score tag”."
        busy={reading}
        onDrop={(dropped) => void takeSystem(dropped)}
      />
      {problem ? <Problem onDismiss={dismissProblem}>{problem}</Problem> : null}
      <NumberField
        label="Documents reranked by the CE (0 for none)"
        value={spec.compare.rerankDepth}
        min={0}
        onChange={(rerankDepth) =>
          rerankDepth !== null && change((was) => changeCompare(was, { rerankDepth }))
        }
      />
      <label className="check">
        <input
          type="checkbox"
          checked={spec.compare.speed}
          onChange={(event) => change((was) => changeCompare(was, { speed: event.target.checked }))}
        />
        <span>Also measure encoding speed, while nothing else runs</span>
      </label>
    </fieldset>
  );
}

/** Names that need no look at a model: those that every pair has, and what was trained or is to be. */
function useKnownSystems(): readonly string[] {
  const train = useSettings((state) => state.spec.train);
  const trained = useRun(({ run }) => (run.status === 'done' ? run.report.training : null)) ?? [];
  return [...always, ...[...train, ...trained].map(({ name }) => name)];
}

function AddSystem({ known }: { readonly known: readonly string[] }) {
  const change = useSettings((state) => state.change);
  const [name, setName] = useState('');
  const add = (): void => {
    const system = name.trim();
    if (system === '') return;
    change((was) => withSystem(was, system));
    setName('');
  };
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label htmlFor="add-system">Add a system</label>
      <div className="button-row">
        <input
          id="add-system"
          type="text"
          list="known-systems"
          value={name}
          placeholder="ce-layer-2, hub:OWNER/NAME"
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <datalist id="known-systems">
          {known.map((system) => (
            <option key={system} value={system}>
              {systemLabel(system)}
            </option>
          ))}
        </datalist>
        <button type="submit" className="small">
          Add
        </button>
      </div>
    </form>
  );
}
