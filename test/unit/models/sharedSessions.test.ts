import { expect, test } from 'vitest';
import { Cancelled } from '../../../src/base/userError.ts';
import type { SessionOptions } from '../../../src/lab/models/readModel.ts';
import { SharedSessions } from '../../../src/lab/models/sharedSessions.ts';
import type { InspectSession, TokenBatch } from '../../../src/lab/models/types.ts';

const batch = {} as TokenBatch;

function optionsOf(source: string, signal?: AbortSignal): SessionOptions {
  return { files: { source }, kind: 'ce', dtype: 'fp32', backend: 'wasm', signal } as SessionOptions;
}

/** Sessions that write down what is done with them. */
function recorded() {
  const done: string[] = [];
  const shared = new SharedSessions(async ({ files, signal }) => {
    done.push(`open ${files.source}`);
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) throw new Cancelled();
    const run = async (what: string) => {
      done.push(`${what} begins`);
      await new Promise((resolve) => setTimeout(resolve));
      done.push(`${what} ends`);
      return new Float32Array(0);
    };
    return {
      pooled: () => run('pooled'),
      inspect: () => run('inspect'),
      dispose: async () => void done.push(`close ${files.source}`),
    } as unknown as InspectSession;
  });
  return { shared, done };
}

test('a model that is held is opened once, also by two at a time, and closed behind the last', async () => {
  const { shared, done } = recorded();
  const [search, pair] = await Promise.all([shared.hold(optionsOf('a')), shared.hold(optionsOf('a'))]);
  const other = await shared.hold(optionsOf('b'));
  expect(done).toEqual(['open a', 'open b']);
  await search.dispose();
  // Giving it back twice counts once.
  await search.dispose();
  expect(done).toEqual(['open a', 'open b']);
  await pair.dispose();
  await other.dispose();
  expect(done.slice(2)).toEqual(['close a', 'close b']);
  await shared.hold(optionsOf('a'));
  expect(done.at(-1)).toBe('open a');
});

test('holders run one batch at a time, and none is closed under a run', async () => {
  const { shared, done } = recorded();
  const [search, pair] = await Promise.all([shared.hold(optionsOf('a')), shared.hold(optionsOf('a'))]);
  done.length = 0;
  await Promise.all([pair.inspect(batch), search.pooled(batch), search.dispose(), pair.dispose()]);
  expect(done).toEqual(['inspect begins', 'inspect ends', 'pooled begins', 'pooled ends', 'close a']);
});

test('who is cancelled while opening takes the model from nobody else', async () => {
  const { shared, done } = recorded();
  const cancelled = new AbortController();
  const first = shared.hold(optionsOf('a', cancelled.signal));
  const second = shared.hold(optionsOf('a'));
  cancelled.abort();
  await expect(first).rejects.toThrow('Cancelled');
  await (await second).dispose();
  expect(done).toEqual(['open a', 'open a', 'close a']);
});

test('who is cancelled while another opens holds nothing', async () => {
  const { shared, done } = recorded();
  const first = shared.hold(optionsOf('a'));
  const cancelled = new AbortController();
  const second = shared.hold(optionsOf('a', cancelled.signal));
  cancelled.abort();
  await expect(second).rejects.toThrow('Cancelled');
  await (await first).dispose();
  expect(done).toEqual(['open a', 'close a']);
});

test('what a holder reads of the session is what it is now, also behind a lost GPU', async () => {
  let backend = 'webgpu';
  const shared = new SharedSessions(
    async () =>
      ({
        get info() {
          return { backend };
        },
        dispose: async () => {},
      }) as unknown as InspectSession,
  );
  const session = await shared.hold(optionsOf('a'));
  expect(session.info.backend).toBe('webgpu');
  backend = 'wasm';
  expect(session.info.backend).toBe('wasm');
});
