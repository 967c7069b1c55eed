import { download } from '../../components/download.ts';
import { FileDrop } from '../../components/fileDrop/FileDrop.tsx';
import { Problem } from '../../components/Problem.tsx';
import { type Choice, keyOf } from '../../lab/paper/specs.ts';
import { makeBundle, takeBundle, useBundles } from '../../state/reproduce/bundles.ts';

/** Saves the results so far as one file, and opens such a file. */
export function BundlePanel({ choice, done }: { readonly choice: Choice; readonly done: number }) {
  const { busy, problem } = useBundles();
  const save = async (): Promise<void> => {
    const blob = await makeBundle(choice);
    if (blob) download(`layerlab-${keyOf(choice)}.zip`, blob);
  };
  return (
    <section className="card bundle-panel" aria-labelledby="bundle-title">
      <h2 id="bundle-title">One file for a reviewer</h2>
      <p className="quiet">
        Spec, reports, hashes of models and data, browser and adapter, and every run file and judgement that
        was kept: enough to show the result, check it and run it again.
      </p>
      <div className="button-row">
        <button type="button" disabled={done === 0 || busy !== null} onClick={() => void save()}>
          {busy === 'saving' ? 'Saving…' : 'Save bundle'}
        </button>
      </div>
      <FileDrop
        label="Open a bundle"
        hint="A .zip that this page saved, here or elsewhere."
        busy={busy === 'opening'}
        onDrop={(files) => void takeBundle(files)}
      />
      {problem ? <Problem>{problem}</Problem> : null}
    </section>
  );
}
