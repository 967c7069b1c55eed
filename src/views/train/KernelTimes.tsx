import { PlainTable } from '../../components/PlainTable.tsx';
import type { KernelTimes as Times } from '../../lab/pipeline/events.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { useRun } from '../../state/run.ts';

/** Where the device's time goes, measured in every fiftieth step. */
export function KernelTimes() {
  const training = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.training));
  const measured = Object.entries(training ?? {}).filter(([, { kernels }]) => sum(kernels) > 0);
  if (measured.length === 0) return null;
  return (
    <section className="card" aria-labelledby="kernels-title">
      <h2 id="kernels-title">Time by kernel</h2>
      <PlainTable
        table={timesTable(measured.map(([name, { kernels }]) => ({ name: modelLabel(name), kernels })))}
      />
      <p className="quiet">
        Share of device time per step, from GPU timestamps, averaged over the measured steps: the third, then
        every fiftieth.
      </p>
    </section>
  );
}

function sum(times: Times): number {
  return Object.values(times).reduce((total, ms) => total + ms, 0);
}

function timesTable(runs: readonly { readonly name: string; readonly kernels: Times }[]) {
  const families = [...new Set(runs.flatMap(({ kernels }) => Object.keys(kernels)))] as (keyof Times)[];
  const [first] = runs;
  const ordered = families.toSorted((a, b) => (first?.kernels[b] ?? 0) - (first?.kernels[a] ?? 0));
  const share = (kernels: Times, ms: number): string => `${((100 * ms) / sum(kernels)).toFixed(1)} %`;
  return {
    caption: 'Time by kernel',
    columns: ['kernels', ...runs.map(({ name }) => name)],
    rows: [
      ...ordered.map((family) => [
        titles[family],
        ...runs.map(({ kernels }) => share(kernels, kernels[family] ?? 0)),
      ]),
      ['total per step', ...runs.map(({ kernels }) => `${sum(kernels).toPrecision(3)} ms`)],
    ],
  };
}

const titles: Readonly<Record<keyof Times, string>> = {
  matmul: 'matrix products',
  attention: 'attention',
  'layer norm': 'layer norm',
  embedding: 'embedding',
  pooling: 'pooling',
  loss: 'loss',
  'gradient norm': 'gradient norm',
  optimiser: 'optimiser',
};
