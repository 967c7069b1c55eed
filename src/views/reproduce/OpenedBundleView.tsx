import { Problem } from '../../components/Problem.tsx';
import { compareAgain } from '../../lab/bundle/again.ts';
import type { BundleCheck } from '../../lab/bundle/check.ts';
import type { ShownBundle } from '../../lab/bundle/open.ts';
import { mergeReports } from '../../lab/paper/merge.ts';
import { reproductions } from '../../lab/paper/reproductions.ts';
import { againKey, closeBundle, reportsAgain, rerun, useBundles } from '../../state/reproduce/bundles.ts';
import { stopQueue, useReproduce } from '../../state/reproduce/reproduce.ts';
import { useRun } from '../../state/run.ts';
import { Environment } from '../layers/Environment.tsx';
import { RunOutcome } from '../RunOutcome.tsx';
import { Outcome } from './Outcome.tsx';

/** Another reviewer's result: what it says, whether it is whole, and what comes out when it is run here. */
export function OpenedBundleView({ bundle }: { readonly bundle: ShownBundle }) {
  const check = useBundles((state) => state.check);
  const { manifest, runs, file } = bundle;
  const { choice } = manifest;
  const figure =
    reproductions.find(({ work, pair }) => work === choice.work && pair === choice.pair)?.id ?? 'figure-3';
  return (
    <div className="opened-bundle">
      <section className="card bundle-panel" aria-labelledby="opened-title">
        <h2 id="opened-title">{file}</h2>
        <p>
          {runs.length} {runs.length === 1 ? 'run' : 'runs'}, {choice.size}, saved on{' '}
          {manifest.madeAt.slice(0, 10)}.{' '}
          {choice.stand === 'bundled' ? 'Offline stand-in: not the paper’s models.' : ''}
        </p>
        {check ? <Check check={check} /> : <p role="status">Checking hashes and figures…</p>}
        <Rerun bundle={bundle} />
        <div className="button-row">
          <button type="button" onClick={closeBundle}>
            Close the bundle
          </button>
        </div>
      </section>
      <Outcome figure={figure} stand={choice.stand} merged={mergeReports(runs.map(({ report }) => report))} />
      {runs.map(({ id, title, report }) => (
        <div key={id}>
          <h3>{title}</h3>
          <Environment report={report} />
        </div>
      ))}
    </div>
  );
}

function Check({ check: { files, faults, figures, without } }: { readonly check: BundleCheck }) {
  const rest =
    without > 0 ? ` ${without} figures have no run file in the bundle and could not be computed.` : '';
  if (faults.length === 0) {
    return (
      <p role="status">
        ✓ Whole: {files} files have the hashes it gives, and {figures} figures follow from its run files.
        {rest}
      </p>
    );
  }
  return (
    <div className="problem" role="alert">
      <p>
        {faults.length} {faults.length === 1 ? 'thing is' : 'things are'} wrong with this bundle.{rest}
      </p>
      <ul>
        {faults.slice(0, 20).map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </div>
  );
}

function Rerun({ bundle }: { readonly bundle: ShownBundle }) {
  const { results, working, problem, failures } = useReproduce();
  const running = useRun(({ run }) => run.status === 'running');
  const key = againKey(bundle);
  const own = working?.key === key;
  const again = reportsAgain(bundle, results);
  const failed = [...failures].filter(([place]) => place.startsWith(`${key}/`));
  return (
    <>
      <div className="button-row">
        {own ? (
          <button type="button" disabled={working.stopping} onClick={() => void stopQueue()}>
            {working.stopping ? 'Stopping…' : 'Stop'}
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={running || working !== null}
            onClick={() => void rerun(bundle)}
          >
            Run it again here
          </button>
        )}
      </div>
      <p className="quiet">
        Texts whose embeddings this browser stores already are not embedded again; remove them on the Layers
        page to compute everything anew.
      </p>
      {own ? <RunOutcome /> : null}
      {problem ? <Problem>{problem}</Problem> : null}
      {failed.map(([place, sentence]) => (
        <p key={place} className="problem">
          {sentence}
        </p>
      ))}
      {again.length > 0 ? <p role="status">{agreement(bundle, again)}</p> : null}
    </>
  );
}

function agreement({ runs }: ShownBundle, again: ReturnType<typeof reportsAgain>): string {
  const { figures, equal, most } = compareAgain(
    runs.map(({ report }) => report),
    again,
  );
  const done = `${again.length} of ${runs.length} run again here`;
  if (figures === 0) return `${done}.`;
  return equal === figures
    ? `${done}: all ${figures} figures are the same.`
    : `${done}: ${equal} of ${figures} figures are the same, the greatest difference is ${most.toFixed(4)}.`;
}
