import { squaredError } from '../../kernels/distillation/distillation.ts';
import { type BatchSize, documentsFrom, type TeacherValues } from './loss.ts';
import { PooledLoss } from './pooledLoss.ts';

/**
 * Mean squared error of the pooled vectors, as they are, against a teacher's vectors of the same texts:
 *   loss = 1 / (M C) sum over texts and columns of (x - t)²
 * (Reimers and Gurevych, 2020, arXiv:2004.09813; sentence-transformers' MSELoss). A model taught so has its vectors in
 * the teacher's space, and its queries can search the teacher's documents (Kim et al., 2023, arXiv:2306.11550).
 */
export class MseLoss extends PooledLoss<'teacher'> {
  reserve({ queries, documents }: BatchSize, teacher?: TeacherValues): void {
    const texts = queries + documents;
    if (teacher?.kind !== 'vectors' || teacher.vectors.length !== texts * this.hidden) {
      throw new Error(`${texts} texts need a teacher's vector of ${this.hidden} each.`);
    }
    this.held.reserve({ queries, documents });
    this.pass.session.device.queue.writeBuffer(this.held.buffers.teacher, 0, teacher.vectors);
  }

  protected words({ queries, documents }: BatchSize) {
    const rows = documentsFrom(queries) + documents;
    return {
      pooled: ['pooled', rows * this.hidden],
      gradient: ['gradient of the pooled', rows * this.hidden],
      teacher: ["teacher's vectors", (queries + documents) * this.hidden],
      losses: ['losses', queries + documents],
    } as const;
  }

  override get lossCount(): number {
    const { queries, documents } = this.held.size;
    return queries + documents;
  }

  record(lossScale = 1): void {
    const { queries, documents } = this.held.size;
    const columns = this.hidden;
    const slope = lossScale / (this.lossCount * columns);
    const firstDocument = documentsFrom(queries);
    squaredError(this.pass, {
      ...this.held.buffers,
      queries,
      documents,
      firstDocument,
      columns,
      slope,
    });
  }
}
