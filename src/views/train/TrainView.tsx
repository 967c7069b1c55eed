import { useEffect } from 'react';
import { readStoredReport } from '../../state/reports.ts';
import '../layers/layers.css';
import './train.css';
import { KernelTimes } from './KernelTimes.tsx';
import { StoppedRuns } from './StoppedRuns.tsx';
import { TrainCharts } from './TrainCharts.tsx';
import { TrainedModels } from './TrainedModels.tsx';
import { TrainPanel } from './TrainPanel.tsx';
import { TrainSettings } from './TrainSettings.tsx';

/** Turn a CE's first layers into a small search model, on this device. */
export function TrainView() {
  useEffect(() => void readStoredReport('storedTraining'), []);
  // It timed the teachers.
  useEffect(() => void readStoredReport('storedComparison'), []);
  return (
    <>
      <section className="intro" aria-labelledby="train-intro">
        <h2 id="train-intro">Make a small search model of a cross encoder’s first layers</h2>
        <p>
          <strong>DE-2 CE</strong> is a dual encoder of two layers: the embedding layer and encoder layer 0
          come from the CE, layer 1 is random. <strong>DE-2 Rand</strong> is the same shape, all random. Both
          train here, on this device’s GPU, with WebGPU kernels written for the lab, on the same batches: if
          the CE’s layers help, the first learns faster.
        </p>
      </section>
      <div className="layers-view">
        <div className="side">
          <TrainPanel />
          <TrainSettings />
        </div>
        <div className="results">
          <TrainCharts />
          <KernelTimes />
          <TrainedModels />
          <StoppedRuns />
        </div>
      </div>
    </>
  );
}
