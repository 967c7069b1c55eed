import type { Pass } from '../../pass.ts';
import { HeldBuffers } from './heldBuffers.ts';
import type { BatchSize, Loss, TeacherValues } from './loss.ts';

type Pooled = 'pooled' | 'gradient' | 'losses';

/** A loss with pooled vectors of its own; `More` are the buffers that it needs beside them. */
export abstract class PooledLoss<More extends string, Size extends BatchSize = BatchSize> implements Loss {
  protected readonly pass: Pass;
  protected readonly hidden: number;
  protected readonly held: HeldBuffers<Pooled | More, Size>;

  constructor(pass: Pass, hidden: number) {
    this.pass = pass;
    this.hidden = hidden;
    this.held = new HeldBuffers(pass.session, (size) => this.words(size));
  }

  /** Label and 32-bit words of each buffer. */
  protected abstract words(
    size: Size,
  ): Readonly<Record<Pooled | More, readonly [label: string, words: number]>>;

  abstract reserve(size: BatchSize, teacher?: TeacherValues): void;
  abstract record(lossScale: number): void;

  get pooled(): GPUBuffer {
    return this.held.buffers.pooled;
  }

  get gradient(): GPUBuffer {
    return this.held.buffers.gradient;
  }

  get losses(): GPUBuffer {
    return this.held.buffers.losses;
  }

  /** Of queries, unless a loss is of texts. */
  get lossCount(): number {
    return this.held.size.queries;
  }

  destroy(): void {
    this.held.destroy();
  }
}
