import type { BufferArena } from '../../buffers.ts';
import { squaredError } from '../../kernels/distillation/distillation.ts';
import type { Pass } from '../../pass.ts';
import { type BatchSize, documentsFrom, type Loss, type TeacherValues } from './loss.ts';

type Buffers = Readonly<Record<'pooled' | 'gradient' | 'teacher' | 'losses', GPUBuffer>>;

/**
 * Mean squared error of the pooled vectors, as they are, against a teacher's vectors of the same texts:
 *   loss = 1 / (M C) sum over texts and columns of (x - t)²
 * (Reimers and Gurevych, 2020, arXiv:2004.09813; sentence-transformers' MSELoss). A model taught so has its vectors in
 * the teacher's space, and its queries can search the teacher's documents (Kim et al., 2023, arXiv:2306.11550).
 */
export class MseLoss implements Loss {
  readonly #pass: Pass;
  readonly #arena: BufferArena;
  readonly #hidden: number;
  #held: Buffers | null = null;
  #size: BatchSize = { queries: 0, documents: 0 };

  constructor(pass: Pass, hidden: number) {
    this.#pass = pass;
    this.#arena = pass.session.arena();
    this.#hidden = hidden;
  }

  reserve(size: BatchSize, teacher?: TeacherValues): void {
    const { queries, documents } = size;
    if (queries !== this.#size.queries || documents !== this.#size.documents) {
      this.#arena.clear();
      const rows = documentsFrom(queries) + documents;
      const make = (label: string, floats: number): GPUBuffer => this.#arena.storage(label, 4 * floats);
      this.#held = {
        pooled: make('pooled', rows * this.#hidden),
        gradient: make('gradient of the pooled', rows * this.#hidden),
        teacher: make("teacher's vectors", (queries + documents) * this.#hidden),
        losses: make('losses', queries + documents),
      };
      this.#size = size;
    }
    if (teacher?.kind !== 'vectors' || teacher.vectors.length !== (queries + documents) * this.#hidden) {
      throw new Error(`${queries + documents} texts need a teacher's vector of ${this.#hidden} each.`);
    }
    this.#pass.session.device.queue.writeBuffer(this.#buffers.teacher, 0, teacher.vectors);
  }

  get pooled(): GPUBuffer {
    return this.#buffers.pooled;
  }

  get gradient(): GPUBuffer {
    return this.#buffers.gradient;
  }

  get losses(): GPUBuffer {
    return this.#buffers.losses;
  }

  get lossCount(): number {
    return this.#size.queries + this.#size.documents;
  }

  get #buffers(): Buffers {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  record(lossScale = 1): void {
    const { queries, documents } = this.#size;
    const columns = this.#hidden;
    const slope = lossScale / (this.lossCount * columns);
    const firstDocument = documentsFrom(queries);
    squaredError(this.#pass, { ...this.#buffers, queries, documents, firstDocument, columns, slope });
  }

  destroy(): void {
    this.#arena.dispose();
    this.#held = null;
    this.#size = { queries: 0, documents: 0 };
  }
}
