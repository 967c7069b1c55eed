import type { Pass } from '../src/gpu/pass.ts';

/** A side of a comparison that records the same work so many times, submits it and waits for it. */
export function recorded(pass: Pass, repeats: number, record: () => void): () => Promise<void> {
  return async () => {
    for (let i = 0; i < repeats; i++) record();
    pass.submit();
    await pass.session.idle();
  };
}
