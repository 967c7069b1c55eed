import { useState } from 'react';
import { download } from '../components/download.ts';
import { droppedSources } from '../lab/spec/editModels.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { useSettings } from '../state/settings.ts';

/** Ways to take the experiment along: as a link, as a file for the command line. @param spec what a press runs */
export function SpecTools({ spec }: { readonly spec: Spec }) {
  const reset = useSettings((state) => state.reset);
  return (
    <div className="button-row">
      <CopyLink spec={spec} />
      <button
        type="button"
        className="small"
        onClick={() => download('spec.json', `${JSON.stringify(spec, null, 2)}\n`, 'application/json')}
      >
        Save spec.json
      </button>
      <button type="button" className="small" onClick={reset}>
        Reset
      </button>
    </div>
  );
}

function CopyLink({ spec }: { readonly spec: Spec }) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    const dropped = droppedSources(spec);
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid(
        dropped.length > 0
          ? `Copied. Whoever opens the link must drop ${dropped.join(', ')} again.`
          : 'Copied.',
      );
    } catch {
      setSaid('The browser does not allow copying; the address bar has the link.');
    }
  };
  return (
    <>
      <button type="button" className="small" onClick={() => void copy()}>
        Copy link
      </button>
      <span role="status" className="quiet">
        {said}
      </span>
    </>
  );
}
