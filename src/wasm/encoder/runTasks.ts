import type { Kernels } from '../kernels.ts';
import type { Batch } from './batch.ts';
import { forward, type Model } from './forward.ts';

/** One thread's part of a batch: tasks that no other has begun, until there are none. */
export function* runTasks(
  kernels: Kernels,
  memory: WebAssembly.Memory,
  model: Model,
  batch: Batch,
  thread: number,
): Generator<void> {
  const counter = new Int32Array(memory.buffer, model.places.counter, 1);
  for (;;) {
    const task = batch.tasks[Atomics.add(counter, 0, 1)];
    if (!task) return;
    forward(kernels, model, batch, task, batch.scratch[thread]!);
    yield;
  }
}
