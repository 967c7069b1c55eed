import { inTurn } from '../../base/inTurn.ts';
import { Cancelled, isCancelled } from '../../base/userError.ts';
import { openInspectSession } from './inspectSession.ts';
import type { OpenGraph } from './openedGraph.ts';
import type { SessionOptions } from './readModel.ts';
import type { InspectSession } from './types.ts';

/** A session that is open or being opened, and how many hold it. */
interface Held {
  readonly opened: Promise<InspectSession>;
  /** A session runs one batch at a time. */
  readonly turn: ReturnType<typeof inTurn>;
  holders: number;
}

/** Sessions that several share: who asks for a model that is open is given the open one. */
export class SharedSessions {
  readonly #held = new Map<string, Held>();
  readonly #open: (options: SessionOptions) => Promise<InspectSession>;

  constructor(open: (options: SessionOptions) => Promise<InspectSession>) {
    this.#open = open;
  }

  /**
   * Opens a model, or holds the one that is open. Disposing gives it back; the last holder's closes it.
   * @throws what opening throws; Cancelled when the options' signal is aborted
   */
  async hold(options: SessionOptions): Promise<InspectSession> {
    const key = keyOf(options);
    for (;;) {
      const there = this.#held.get(key);
      const held = there ?? this.#begin(key, options);
      held.holders++;
      try {
        const session = this.#share(key, held, await held.opened);
        if (!options.signal?.aborted) return session;
        await session.dispose();
        throw new Cancelled();
      } catch (error) {
        // Whoever was opening it was cancelled, this call was not.
        if (there && isCancelled(error) && !options.signal?.aborted) continue;
        throw error;
      }
    }
  }

  #begin(key: string, options: SessionOptions): Held {
    const held: Held = { opened: this.#open(options), turn: inTurn(), holders: 0 };
    this.#held.set(key, held);
    held.opened.catch(() => this.#forget(key, held));
    return held;
  }

  #forget(key: string, held: Held): void {
    if (this.#held.get(key) === held) this.#held.delete(key);
  }

  #share(key: string, held: Held, session: InspectSession): InspectSession {
    let given = true;
    return {
      ...session,
      // It follows a loss of the GPU; a copy would not.
      get info() {
        return session.info;
      },
      pooled: (batch) => held.turn(() => session.pooled(batch)),
      inspect: (batch) => held.turn(() => session.inspect(batch)),
      dispose: async () => {
        if (!given) return;
        given = false;
        held.holders--;
        if (held.holders > 0) return;
        this.#forget(key, held);
        await held.turn(() => session.dispose());
      },
    };
  }
}

/**
 * Opens a model to search with and to look into. A DE's attention is shown nowhere, and giving it would keep the
 * runtime from fusing it.
 * @param openDe where a DE's graph is run; here without
 */
export function openWithInside(options: SessionOptions, openDe?: OpenGraph): Promise<InspectSession> {
  return options.kind === 'de'
    ? openInspectSession(options, { attention: [] }, openDe)
    : openInspectSession(options);
}

function keyOf({ files, kind, dtype, backend }: SessionOptions): string {
  return JSON.stringify([files.source, kind, dtype, backend]);
}
