import { lazy, Suspense } from 'react';
import './layers.css';
import { Downloads } from './Downloads.tsx';
import { Intro } from './Intro.tsx';
import { OfflineCopy } from './OfflineCopy.tsx';
import { RunPanel } from './RunPanel.tsx';
import { Settings } from './Settings.tsx';
import { Storage } from './Storage.tsx';

/** Charts are half of what a first visit loads; settings and Run can be used before them. */
const Results = lazy(async () => ({ default: (await import('./Results.tsx')).Results }));

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
          <OfflineCopy />
          <Downloads />
        </div>
        <Suspense fallback={<p role="status">Reading the stored result…</p>}>
          <Results />
        </Suspense>
      </div>
    </>
  );
}
