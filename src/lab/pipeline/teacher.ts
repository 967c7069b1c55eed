import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Cancelled, UserError } from '../../base/userError.ts';
import type { TeacherValues } from '../../gpu/training/losses/loss.ts';
import { scorePairs, type TextPair } from '../compare/rerank.ts';
import { embedTexts } from '../embed/embedTexts.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { batchingFor } from '../models/batching.ts';
import type { Spec } from '../spec/spec.ts';
import { type TeacherSpec, teacherOf } from '../spec/teacherOf.ts';
import type { PlannedBatch, TrainingPlan } from '../training/trainingPlan.ts';
import type { TrainingSet } from '../training/trainingSet.ts';
import { counting } from './counting.ts';
import { fitWidth } from './fitWidth.ts';
import type { TrainOptions } from './trainOptions.ts';

/** A teacher whose values are all computed. */
export interface Teacher {
  valuesOf(batch: PlannedBatch): TeacherValues;
  /** Of all its values. */
  readonly digest: string;
}

interface Asked {
  readonly options: TrainOptions;
  readonly teacher: TeacherSpec;
  readonly set: TrainingSet;
  readonly plan: TrainingPlan;
}

/** Bytes of vectors that are held at most. */
const mostBytes = 2 ** 31;
/** Texts that are looked up and sorted by length together. */
const chunkSize = 1024;

/**
 * Computes what a run's teacher says of all texts that its steps will see, before the first of them. Values belong to
 * texts, whatever tokeniser the teacher has. What is stored is not computed again.
 * @param hidden width of the student's vectors
 * @returns null where the loss has no teacher
 */
export async function openTeacher(
  options: TrainOptions,
  set: TrainingSet,
  plan: TrainingPlan,
  hidden: number,
): Promise<Teacher | null> {
  const { train, spec } = options;
  const teacher = teacherOf(train, spec.models);
  if (!teacher) return null;
  const asked = { options, teacher, set, plan };
  await options.listen({ type: 'stage', text: `${train.name}: computing what ${teacher.source} teaches` });
  if (teacher.kind === 'ce') return await scoresByCe(asked);
  const vectors = await vectorsByDe(asked);
  return train.loss === 'mse' ? givingVectors(vectors, hidden) : givingSimilarities(vectors, train.scale);
}

/** Rows of the set's texts that the run sees, each once, in the order in which it sees them. */
function seen(plan: TrainingPlan): { queries: number[]; documents: number[] } {
  const queries = new Set<number>();
  const documents = new Set<number>();
  for (let step = 0; step < plan.totalSteps; step++) {
    const batch = plan.batch(step);
    for (const row of batch.queries) queries.add(row);
    for (const row of batch.documents) documents.add(row);
  }
  return { queries: [...queries], documents: [...documents] };
}

/** Vectors of some texts, one a row. */
interface Table {
  /** Text row to place in `vectors`. */
  readonly placeOf: ReadonlyMap<number, number>;
  /** (places, columns) */
  readonly vectors: Float32Array<ArrayBuffer>;
}

interface DeVectors {
  readonly columns: number;
  readonly queries: Table;
  readonly documents: Table;
}

async function vectorsByDe({ options, teacher, set, plan }: Asked): Promise<DeVectors> {
  const { spec, train, teachers, listen, signal } = options;
  const system = teacher.isOwn
    ? ({ type: 'baseline' } as const)
    : ({ type: 'model', source: teacher.source } as const);
  const model = await teachers.openSystem(system, spec, signal);
  const store = await teachers.openStore(model, (text) => void listen({ type: 'notice', text }));
  try {
    const rows = seen(plan);
    const total = rows.queries.length + rows.documents.length;
    const columns = model.session.info.hiddenSize;
    if (4 * total * columns > mostBytes) {
      throw new UserError(
        `${train.name} would hold vectors of ${total.toLocaleString('en')} texts by its teacher, ${Math.ceil((4 * total * columns) / 1e9)} GB; take fewer steps or pairs.`,
      );
    }
    const count = counting(listen, `texts by the teacher of ${train.name}`);
    let done = 0;
    const table = async (encoder: OpenedModel['encoder'], of: readonly number[]): Promise<Table> => {
      const vectors = new Float32Array(of.length * columns);
      const texts = of.map((row) => set.texts[row]!);
      const given = { session: model.session, encoder, store, chunkSize, signal };
      const before = done;
      const blocks = embedTexts(texts, Int32Array.from(of.keys()), {
        ...given,
        batching: batchingFor(model.session.info),
        onProgress: (progress) => count(before + progress.texts, total),
      });
      for await (const block of blocks) {
        for (const [i, place] of block.rows.entries()) {
          vectors.set(block.vectors.subarray(i * columns, (i + 1) * columns), place * columns);
        }
      }
      done += of.length;
      refuseBroken(vectors, train.name, teacher.source);
      return { placeOf: new Map(of.map((row, place) => [row, place])), vectors };
    };
    const { encoder, queryEncoder = encoder } = model;
    const queries = await table(queryEncoder, rows.queries);
    return { columns, queries, documents: await table(encoder, rows.documents) };
  } finally {
    await store?.close();
    await model.session.dispose();
  }
}

function refuseBroken(values: Float32Array, name: string, source: string): void {
  if (values.every(Number.isFinite)) return;
  throw new UserError(
    `${name} cannot be taught by ${source}, of which some values are not finite; take another dtype of it, fp32 at best.`,
  );
}

function givingVectors({ columns, queries, documents }: DeVectors, hidden: number): Teacher {
  const toWidth = fitWidth([queries.vectors, documents.vectors], columns, hidden);
  const [asked, found] = [toWidth(queries.vectors), toWidth(documents.vectors)];
  return {
    digest: digestOf(asked, found),
    valuesOf(batch) {
      const vectors = new Float32Array((batch.queries.length + batch.documents.length) * hidden);
      const put = (text: number, table: Table, from: Float32Array, row: number): void => {
        const place = table.placeOf.get(row)!;
        vectors.set(from.subarray(place * hidden, (place + 1) * hidden), text * hidden);
      };
      for (const [i, row] of batch.queries.entries()) put(i, queries, asked, row);
      for (const [i, row] of batch.documents.entries()) {
        put(batch.queries.length + i, documents, found, row);
      }
      return { kind: 'vectors', vectors };
    },
  };
}

/** Cosines times the scale, as the student's own scores are. */
function givingSimilarities({ columns, queries, documents }: DeVectors, scale: number): Teacher {
  const cosine = (query: number, document: number): number => {
    const a = queries.placeOf.get(query)! * columns;
    const b = documents.placeOf.get(document)! * columns;
    let [dot, ofA, ofB] = [0, 0, 0];
    for (let i = 0; i < columns; i++) {
      const [x, y] = [queries.vectors[a + i]!, documents.vectors[b + i]!];
      dot += x * y;
      ofA += x * x;
      ofB += y * y;
    }
    return dot / Math.max(Math.sqrt(ofA * ofB), 1e-12);
  };
  return givingScores(
    digestOf(queries.vectors, documents.vectors),
    (query, document) => scale * cosine(query, document),
  );
}

function givingScores(digest: string, scoreOf: (query: number, document: number) => number): Teacher {
  return {
    digest,
    valuesOf: ({ queries, documents, candidates }) => ({
      kind: 'scores',
      candidates,
      scores: candidates.map((own, q) => own.map((d) => scoreOf(queries[q]!, documents[d]!))),
    }),
  };
}

async function scoresByCe({ options, teacher, set, plan }: Asked): Promise<Teacher> {
  const { train, spec, teachers, listen, signal } = options;
  const reranker = await teachers.openReranker(
    teacher.isOwn ? spec : rerankingBy(spec, teacher.source),
    signal,
  );
  const store = await teachers.openScoreStore(reranker, (text) => void listen({ type: 'notice', text }));
  try {
    const { session, encoder } = reranker;
    const placeOf = new Map<number, number>();
    const pairs: TextPair[] = [];
    const key = (query: number, document: number): number => query * set.texts.length + document;
    for (let step = 0; step < plan.totalSteps; step++) {
      if (signal.aborted) throw new Cancelled();
      const { queries, documents, candidates } = plan.batch(step);
      for (const [q, own] of candidates.entries()) {
        for (const d of own) {
          const pair = { query: queries[q]!, document: documents[d]! };
          const at = key(pair.query, pair.document);
          if (placeOf.has(at)) continue;
          placeOf.set(at, pairs.length);
          pairs.push(pair);
        }
      }
    }
    const { logits } = await scorePairs(pairs, set.texts, set.texts, {
      session,
      encoder,
      store,
      batching: batchingFor(session.info),
      signal,
      onProgress: counting(listen, `pairs by the teacher of ${train.name}`),
    });
    refuseBroken(logits, train.name, teacher.source);
    return givingScores(digestOf(logits), (query, document) => logits[placeOf.get(key(query, document))!]!);
  } finally {
    await store?.close();
    await reranker.session.dispose();
  }
}

/** The spec with another cross encoder, read by its own configuration. */
function rerankingBy(spec: Spec, source: string): Spec {
  return { ...spec, models: { ...spec.models, ce: { source, dtype: 'auto', label: null } } };
}

function digestOf(...values: readonly Float32Array[]): string {
  const hash = sha256.create();
  for (const one of values) hash.update(new Uint8Array(one.buffer, one.byteOffset, one.byteLength));
  return bytesToHex(hash.digest());
}
