import { useEffect } from 'react';
import { mergeReports } from '../../lab/paper/merge.ts';
import { reproductionOf } from '../../lab/paper/reproductions.ts';
import { itemsOf, keyOf } from '../../lab/paper/specs.ts';
import { useBundles } from '../../state/reproduce/bundles.ts';
import { choiceOf, readKeptResults, resultOf, useReproduce } from '../../state/reproduce/reproduce.ts';
import { About } from './About.tsx';
import { BundlePanel } from './BundlePanel.tsx';
import { Choices } from './Choices.tsx';
import { OpenedBundleView } from './OpenedBundleView.tsx';
import { Outcome } from './Outcome.tsx';
import { Queue } from './Queue.tsx';
import '../layers/layers.css';
import './reproduce.css';

/** The paper's figures and table, made again on this machine. */
export function ReproduceView() {
  const { figure, size, stand, results } = useReproduce();
  const opened = useBundles((state) => state.opened);
  useEffect(() => void readKeptResults(), []);
  const choice = choiceOf({ figure, size, stand });
  const key = keyOf(choice);
  const items = itemsOf(choice);
  const reports = items.flatMap((item) => resultOf(results, key, item) ?? []);
  return (
    <>
      <section className="intro" aria-labelledby="reproduce-intro">
        <h2 id="reproduce-intro">Reproduce the paper’s figures on this machine</h2>
        <p>
          Choose a figure or the table, see what it costs, press Run. Every collection is a run of its own:
          what is done is kept in this browser, also after a reload, and a run goes on where it stopped. In
          the end there is one file with which anyone can check the result and run it again.
        </p>
      </section>
      {opened ? (
        <OpenedBundleView bundle={opened} />
      ) : (
        <div className="layers-view">
          <div className="side">
            <Choices />
            <BundlePanel choice={choice} done={reports.length} />
          </div>
          <div className="results">
            <About reproduction={reproductionOf(figure)} />
            <Queue choice={choice} items={items} />
            <Outcome figure={figure} stand={stand} merged={mergeReports(reports)} />
          </div>
        </div>
      )}
    </>
  );
}
