import {
  candidateScores,
  candidateScoresGradient,
  type Judged,
  noCandidate,
} from '../../kernels/distillation/distillation.ts';
import { normalise, normaliseGradient } from '../../kernels/pooling/pooling.ts';
import type { Pass } from '../../pass.ts';
import { type BatchSize, documentsFrom, type TeacherValues } from './loss.ts';
import { PooledLoss } from './pooledLoss.ts';

/** `most` candidates of a query. */
type Size = BatchSize & { readonly most: number };

/** Records losses of scores, and puts the gradient in their place. */
type Judge = (pass: Pass, given: Judged) => void;

/**
 * A loss of each query's scores of its own candidates, its positive and its negatives, against a teacher's. A score is
 * `scale` times the cosine: the lab searches by cosine, and a cross encoder's logits lie further apart than cosines do.
 */
export class CandidateLoss extends PooledLoss<
  'normal' | 'lengths' | 'candidates' | 'teacher' | 'scores',
  Size
> {
  readonly #scale: number;
  readonly #judge: Judge;

  constructor(pass: Pass, hidden: number, scale: number, judge: Judge) {
    super(pass, hidden);
    this.#scale = scale;
    this.#judge = judge;
  }

  reserve({ queries, documents }: BatchSize, teacher?: TeacherValues): void {
    if (teacher?.kind !== 'scores' || teacher.candidates.length !== queries) {
      throw new Error(`${queries} queries need a teacher's scores of their candidates.`);
    }
    const { candidates, scores } = teacher;
    const most = Math.max(1, ...candidates.map(({ length }) => length));
    this.held.reserve({ queries, documents, most });
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
    const { queue } = this.pass.session.device;
    queue.writeBuffer(this.held.buffers.candidates, 0, rows);
    queue.writeBuffer(this.held.buffers.teacher, 0, values);
  }

  protected words({ queries, documents, most }: Size) {
    const rows = documentsFrom(queries) + documents;
    return {
      pooled: ['pooled', rows * this.hidden],
      normal: ['normalised', rows * this.hidden],
      gradient: ['gradient of the pooled', rows * this.hidden],
      lengths: ['lengths', rows],
      losses: ['losses', queries],
      candidates: ['candidates', queries * most],
      teacher: ["teacher's scores", queries * most],
      scores: ['scores', queries * most],
    } as const;
  }

  record(lossScale = 1): void {
    const { pass, hidden: columns } = this;
    const { queries, documents, most } = this.held.size;
    const { pooled, normal, gradient, lengths, losses, candidates, teacher, scores } = this.held.buffers;
    const all = { rows: documentsFrom(queries) + documents, columns };
    const given = { queries, most, columns, candidates, normal };
    normalise(pass, all, { pooled, lengths, normal });
    candidateScores(pass, given, scores, this.#scale);
    const slope = (lossScale * this.#scale) / queries;
    this.#judge(pass, { queries, most, candidates, teacher, scores, losses, slope });
    pass.clear(gradient);
    candidateScoresGradient(pass, given, scores, gradient);
    normaliseGradient(pass, all, { gradient, lengths, normal });
  }
}
