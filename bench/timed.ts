import { settled } from '../src/gpu/buffers.ts';
import type { Recorder } from '../src/gpu/recorder.ts';

/** A side of a comparison that records the same work so many times, submits it and waits for it. */
export function recorded(
  device: GPUDevice,
  recorder: Recorder,
  repeats: number,
  record: () => void,
): () => Promise<void> {
  return async () => {
    for (let i = 0; i < repeats; i++) record();
    recorder.submit();
    await settled(device, device.queue.onSubmittedWorkDone());
  };
}
