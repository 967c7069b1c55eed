import type { BufferArena } from '../../buffers.ts';
import {
  candidateScores,
  candidateScoresGradient,
  type Judged,
  noCandidate,
} from '../../kernels/distillation/distillation.ts';
import { normalise, normaliseGradient } from '../../kernels/pooling/pooling.ts';
import type { Pass } from '../../pass.ts';
import { type BatchSize, documentsFrom, type Loss, type TeacherValues } from './loss.ts';

type Buffers = Readonly<
  Record<
    'pooled' | 'normal' | 'gradient' | 'lengths' | 'losses' | 'candidates' | 'teacher' | 'scores',
    GPUBuffer
  >
>;

/** Records losses of scores, and puts the gradient in their place. */
type Judge = (pass: Pass, given: Judged) => void;

/**
 * A loss of each query's scores of its own candidates, its positive and its negatives, against a teacher's. A score is
 * `scale` times the cosine: the lab searches by cosine, and a cross encoder's logits lie further apart than cosines do.
 */
export class CandidateLoss implements Loss {
  readonly #pass: Pass;
  readonly #arena: BufferArena;
  readonly #hidden: number;
  readonly #scale: number;
  readonly #judge: Judge;
  #held: Buffers | null = null;
  #size: BatchSize & { readonly most: number } = { queries: 0, documents: 0, most: 0 };

  constructor(pass: Pass, hidden: number, scale: number, judge: Judge) {
    this.#pass = pass;
    this.#arena = pass.session.arena();
    this.#hidden = hidden;
    this.#scale = scale;
    this.#judge = judge;
  }

  reserve({ queries, documents }: BatchSize, teacher?: TeacherValues): void {
    if (teacher?.kind !== 'scores' || teacher.candidates.length !== queries) {
      throw new Error(`${queries} queries need a teacher's scores of their candidates.`);
    }
    const { candidates, scores } = teacher;
    const most = Math.max(1, ...candidates.map(({ length }) => length));
    const size = this.#size;
    if (queries !== size.queries || documents !== size.documents || most !== size.most) {
      this.#arena.clear();
      this.#held = this.#make({ queries, documents, most });
      this.#size = { queries, documents, most };
    }
    const from = documentsFrom(queries);
    const rows = new Uint32Array(queries * most).fill(noCandidate);
    const values = new Float32Array(queries * most);
    for (const [query, own] of candidates.entries()) {
      rows.set(
        own.map((document) => from + document),
        query * most,
      );
      values.set(scores[query]!, query * most);
    }
    const { queue } = this.#pass.session.device;
    queue.writeBuffer(this.#buffers.candidates, 0, rows);
    queue.writeBuffer(this.#buffers.teacher, 0, values);
  }

  #make({ queries, documents, most }: BatchSize & { readonly most: number }): Buffers {
    const rows = documentsFrom(queries) + documents;
    const make = (label: string, words: number): GPUBuffer => this.#arena.storage(label, 4 * words);
    return {
      pooled: make('pooled', rows * this.#hidden),
      normal: make('normalised', rows * this.#hidden),
      gradient: make('gradient of the pooled', rows * this.#hidden),
      lengths: make('lengths', rows),
      losses: make('losses', queries),
      candidates: make('candidates', queries * most),
      teacher: make("teacher's scores", queries * most),
      scores: make('scores', queries * most),
    };
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
    return this.#size.queries;
  }

  get #buffers(): Buffers {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  record(lossScale = 1): void {
    const pass = this.#pass;
    const { queries, documents, most } = this.#size;
    const { pooled, normal, gradient, lengths, losses, candidates, teacher, scores } = this.#buffers;
    const all = { rows: documentsFrom(queries) + documents, columns: this.#hidden };
    const given = { queries, most, columns: this.#hidden, candidates, normal };
    normalise(pass, all, { pooled, lengths, normal });
    candidateScores(pass, given, scores, this.#scale);
    const slope = (lossScale * this.#scale) / queries;
    this.#judge(pass, { queries, most, candidates, teacher, scores, losses, slope });
    pass.clear(gradient);
    candidateScoresGradient(pass, given, scores, gradient);
    normaliseGradient(pass, all, { gradient, lengths, normal });
  }

  destroy(): void {
    this.#arena.dispose();
    this.#held = null;
    this.#size = { queries: 0, documents: 0, most: 0 };
  }
}
