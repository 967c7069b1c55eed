import './layers.css';
import { Downloads } from './Downloads.tsx';
import { Intro } from './Intro.tsx';
import { Results } from './Results.tsx';
import { RunPanel } from './RunPanel.tsx';
import { Settings } from './Settings.tsx';
import { Storage } from './Storage.tsx';

/** Layer-wise curves: what each layer of a CE and a DE knows about search. */
export function LayersView() {
  return (
    <>
      <Intro />
      <div className="layers-view">
        <div className="side">
          <RunPanel />
          <Settings />
          <Storage />
          <Downloads />
        </div>
        <Results />
      </div>
    </>
  );
}
