import { Problem } from '../../../components/Problem.tsx';
import './models.css';
import { describedLines } from '../../../lab/models/describedLines.ts';
import type { ModelDescription } from '../../../lab/models/describeModel.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { lookIntoModel, useModelLooks } from '../../../state/modelLook.ts';
import { useSettings } from '../../../state/settings.ts';
import { ModelSettings } from './ModelSettings.tsx';

/** What a chosen model is, and what can be had of it. Of a hub's model its graph is read when asked for. */
export function ModelLook({ kind }: { readonly kind: ModelKind }) {
  const { source, dtype } = useSettings(({ spec }) => spec.models[kind]);
  const look = useModelLooks(({ looks }) => looks.get(source));
  const remote = source.startsWith('hub:');
  return (
    <details
      key={source}
      className="model-look"
      onToggle={(event) => {
        if ((event.target as HTMLDetailsElement).open && !look) void lookIntoModel(source, dtype, !remote);
      }}
    >
      <summary>What this {kind.toUpperCase()} is</summary>
      {look?.status === 'loading' ? <p role="status">Reading its files…</p> : null}
      {look?.status === 'failed' ? <Problem>{look.sentence}</Problem> : null}
      {look?.status === 'ready' ? (
        <>
          <Description model={look.value} />
          {look.value.graph || look.value.refused.length > 0 ? null : (
            <button
              type="button"
              className="small"
              onClick={() => void lookIntoModel(source, dtype, true)}
              title="Downloads the file that a run would use, and keeps it for the run."
            >
              Download it and find its layers
            </button>
          )}
        </>
      ) : null}
      <ModelSettings kind={kind} />
    </details>
  );
}

function Description({ model }: { readonly model: ModelDescription }) {
  return (
    <dl className="model-description">
      {describedLines(model).map(([name, value]) => (
        <div key={`${name} ${value}`} className={name === 'Refused' ? 'refused' : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
