import { backendNames } from '../../components/backendNames.ts';
import type { Machine } from '../../lab/models/describeMachine.ts';
import { useMachine } from '../../state/machine.ts';
import { useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';

/** Says what runs the models and why; the choice is among the settings. */
export function BackendNote() {
  const choice = useSettings((state) => state.spec.backend);
  const machine = useMachine((state) => state.machine);
  const run = useRun((state) => state.run);
  const ran = run.status === 'idle' ? undefined : run.progress.backends.ce;
  if (machine.status !== 'ready') return null;
  return (
    <p className="quiet">
      {ran
        ? `The models ran on ${backendNames[ran.backend] ?? ran.backend}: ${ran.why}.`
        : choice === 'auto'
          ? `The models will run on ${withThreads(machine.value)}: ${machine.value.why}.`
          : `The models will run on ${backendNames[choice]}, as chosen.`}
      {machine.value.crossOriginIsolated
        ? ''
        : ' This page is not cross-origin isolated, so WebAssembly has one thread.'}
    </p>
  );
}

function withThreads({ backend, threads }: Machine): string {
  return backend === 'wasm'
    ? `WebAssembly with ${threads} ${threads === 1 ? 'thread' : 'threads'}`
    : 'WebGPU';
}
