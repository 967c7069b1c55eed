import { Problem } from '../../../components/Problem.tsx';
import './models.css';
import { type FormEvent, useId, useState } from 'react';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { knownPairs } from '../../../lab/hub/knownPairs.ts';
import type { HubModel } from '../../../lab/hub/searchModels.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { withHubModels } from '../../../lab/spec/editModels.ts';
import { findModels, useModelLooks } from '../../../state/modelLook.ts';
import { useSettings } from '../../../state/settings.ts';

const roles: readonly (readonly [ModelKind, string])[] = [
  ['ce', 'cross encoders'],
  ['de', 'dual encoders'],
];

/** Pairs that share a base model, and the hub's models by role and name. */
export function HubModels() {
  const change = useSettings((state) => state.change);
  return (
    <details className="hub-models">
      <summary>Models of the hub</summary>
      <h3>Pairs with the same base model</h3>
      <ul>
        {knownPairs.map(({ base, ce, de }) => (
          <li key={ce}>
            <span>
              <strong>{base}</strong>: {ce} and {de}
            </span>
            <button
              type="button"
              className="small"
              aria-label={`Use the pair of ${base}`}
              onClick={() => change((spec) => withHubModels(spec, { ce, de }))}
            >
              Use
            </button>
          </li>
        ))}
      </ul>
      <HubSearch />
    </details>
  );
}

function HubSearch() {
  const found = useModelLooks((state) => state.found);
  const [kind, setKind] = useState<ModelKind>('ce');
  const [text, setText] = useState('');
  const nameId = useId();
  const [shown, setShown] = useState<ModelKind>('ce');
  const search = (event: FormEvent): void => {
    event.preventDefault();
    setShown(kind);
    void findModels(kind, text);
  };
  return (
    <section aria-label="Search the hub for models">
      <h3>Search</h3>
      <form onSubmit={search}>
        <SelectField label="Kind" value={kind} options={roles} onChange={setKind} />
        <div className="field">
          <label htmlFor={nameId}>Part of the name</label>
          <input
            id={nameId}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <button type="submit" disabled={found?.status === 'loading'}>
          Search the hub
        </button>
      </form>
      {found?.status === 'loading' ? <p role="status">Searching…</p> : null}
      {found?.status === 'failed' ? <Problem>{found.sentence}</Problem> : null}
      {found?.status === 'ready' && found.value.length === 0 ? (
        <p>No model of that name has ONNX files, or weights that the lab builds a graph of.</p>
      ) : null}
      {found?.status === 'ready' ? (
        <ul>
          {found.value.map((model) => (
            <FoundModel key={model.id} model={model} kind={shown} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function FoundModel({ model, kind }: { readonly model: HubModel; readonly kind: ModelKind }) {
  const change = useSettings((state) => state.change);
  const { id, downloads, graphs, bases, gated } = model;
  const facts = [
    `${downloads.toLocaleString('en')} downloads`,
    graphs.length === 0 ? 'weights' : `${graphs.length} ONNX ${graphs.length === 1 ? 'file' : 'files'}`,
    ...(bases.length === 0 ? [] : [`from ${bases.join(', ')}`]),
    ...(gated ? ['gated'] : []),
  ];
  return (
    <li>
      <span>
        <strong>{id}</strong> <span className="quiet">{facts.join(', ')}</span>
      </span>
      <button
        type="button"
        className="small"
        aria-label={`Use ${id}`}
        onClick={() => change((spec) => withHubModels(spec, { [kind]: id }))}
      >
        Use
      </button>
    </li>
  );
}
