import { useEffect } from 'react';
import { withComparison } from '../../lab/spec/editComparison.ts';
import { readStoredReport } from '../../state/reports.ts';
import { useSettings } from '../../state/settings.ts';
import '../layers/layers.css';
import { CollectionFields } from '../layers/CollectionFields.tsx';
import { ModelFields } from '../layers/ModelFields.tsx';
import { SampleFields } from '../layers/SampleFields.tsx';
import { SettingsCard } from '../SettingsCard.tsx';
import { SpecTools } from '../SpecTools.tsx';
import './compare.css';
import { ComparePanel } from './ComparePanel.tsx';
import { ComparisonResults } from './ComparisonResults.tsx';
import { Experiments } from './Experiments.tsx';
import { SmallModel } from './SmallModel.tsx';
import { SystemFields } from './SystemFields.tsx';

/** Retrieve and rerank with several systems: quality and speed, beside each other. */
export function CompareView() {
  useEffect(() => void readStoredReport('storedComparison'), []);
  return (
    <>
      <section className="intro" aria-labelledby="compare-intro">
        <h2 id="compare-intro">Which small model searches well enough, and how much faster?</h2>
        <p>
          Every system retrieves; the CE then reads the top of each list again and reorders it. The whole DE
          is the <strong>baseline</strong>. Any layer of a CE or a DE, a model trained here, a model of the
          hub, BM25, or the run file of another tool can stand beside it.
        </p>
      </section>
      <div className="compare-view">
        <ComparePanel />
        <SmallModel />
        <ComparisonResults settings={<CompareSettings />} />
      </div>
    </>
  );
}

function CompareSettings() {
  const spec = useSettings((state) => state.spec);
  return (
    <>
      <Experiments />
      <SettingsCard title="What is compared">
        <SystemFields />
        <ModelFields />
        <CollectionFields />
        <SampleFields />
        <SpecTools spec={withComparison(spec)} />
      </SettingsCard>
    </>
  );
}
