import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, threads, write } from '../defineKernel.ts';
import { rowConstants, rowUnits } from '../shared/rows.ts';
import { wgsl } from '../wgsl.ts';

/** Invocations that share a row. */
const lanes = 32;
const laneConstants = { ...rowConstants, lanes: 'number', threads: 'number' } as const;

/** In place of a candidate that a query does not have. */
export const noCandidate = 0xffffffff;

const squaredErrorKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/squaredError'),
  constants: laneConstants,
  parameters: { width: 'u32', queries: 'u32', firstDocument: 'u32', columns: 'f32', slope: 'f32' },
  buffers: {
    pooled: read('$value'),
    teacher: read('$value'),
    gradient: write('$value'),
    losses: write('f32'),
  },
});

const scoresKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/scores'),
  constants: laneConstants,
  parameters: { width: 'u32', most: 'u32', scale: 'f32' },
  buffers: { normal: read('$value'), candidates: read('u32'), scores: write('f32') },
});

const scoresGradientKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/scoresGradient'),
  constants: rowConstants,
  parameters: { rows: 'u32', width: 'u32', most: 'u32' },
  buffers: {
    normal: read('$value'),
    candidates: read('u32'),
    slopes: read('f32'),
    gradient: write('$value'),
  },
});

const judged = {
  candidates: read('u32'),
  teacher: read('f32'),
  scores: write('f32'),
  losses: write('f32'),
} as const;

const marginMseKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/marginMse'),
  parameters: { queries: 'u32', most: 'u32', slope: 'f32' },
  buffers: judged,
});

const klDivergenceKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/klDivergence'),
  parameters: { queries: 'u32', most: 'u32', slope: 'f32', temperature: 'f32' },
  buffers: judged,
});

const layerDivergenceKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/layerDivergence'),
  constants: { lanes: 'number', threads: 'number' },
  parameters: { columns: 'u32', queries: 'u32', firstDocument: 'u32', temperature: 'f32', slope: 'f32' },
  buffers: { last: read('f32'), pooled: read('f32'), gradient: write('f32'), losses: write('f32') },
});

const addLossesKernel = defineKernel({
  family: 'loss',
  source: wgsl('distillation/addLosses'),
  parameters: { n: 'u32', count: 'u32', weight: 'f32', isFirst: 'u32' },
  buffers: { losses: read('f32'), sums: write('f32') },
});

export interface SquaredError {
  /** (N, C): queries from row 0 on, documents from row `firstDocument` on; and the gradient there. */
  readonly pooled: Binding;
  readonly gradient: Binding;
  /** (queries + documents, C) */
  readonly teacher: Binding;
  /** (queries + documents) */
  readonly losses: Binding;
  readonly queries: number;
  readonly documents: number;
  readonly firstDocument: number;
  readonly columns: number;
  /** The gradient as a factor of 2 (x - t). */
  readonly slope: number;
}

/** Records each text's mean squared error against a teacher's vector, and the gradient. */
export function squaredError(pass: Pass, given: SquaredError): void {
  const { pooled, gradient, teacher, losses, queries, documents, firstDocument, columns, slope } = given;
  const { width, constants } = rowUnits(columns);
  pass.dispatch(
    squaredErrorKernel({ ...constants, lanes, threads: lanes }),
    { pooled, teacher, gradient, losses },
    { width, queries, firstDocument, columns, slope },
    queries + documents,
  );
}

/** Queries with K candidates each at most. */
export interface Candidates {
  readonly queries: number;
  readonly most: number;
  readonly columns: number;
  /** (Q, K): rows of normal, {@link noCandidate} where there is none. */
  readonly candidates: Binding;
  /** (N, C): unit vectors. */
  readonly normal: Binding;
}

/** Records the scaled cosines (Q, K) of each query with its candidates. */
export function candidateScores(pass: Pass, given: Candidates, scores: Binding, scale: number): void {
  const { queries, most, columns, candidates, normal } = given;
  const { width, constants } = rowUnits(columns);
  const kernel = scoresKernel({ ...constants, lanes, threads: lanes });
  pass.dispatch(kernel, { normal, candidates, scores }, { width, most, scale }, queries * most);
}

/** Records the gradient (N, C) at the unit vectors from that at the cosines (Q, K); other rows stay as they are. */
export function candidateScoresGradient(
  pass: Pass,
  { queries, most, columns, candidates, normal }: Candidates,
  slopes: Binding,
  gradient: Binding,
): void {
  const { width, constants } = rowUnits(columns);
  pass.dispatch(
    scoresGradientKernel(constants),
    { normal, candidates, slopes, gradient },
    { rows: queries, width, most },
    Math.ceil((queries * width) / threads),
  );
}

/** Scores (Q, K) of student and teacher; the student's are replaced by the gradient at the cosines. */
export interface Judged {
  readonly queries: number;
  readonly most: number;
  readonly candidates: Binding;
  readonly teacher: Binding;
  readonly scores: Binding;
  /** (Q) */
  readonly losses: Binding;
  /** The gradient at a cosine, as a factor of that at a score. */
  readonly slope: number;
}

/** Records each query's mean squared error of score margins. */
export function marginMse(pass: Pass, given: Judged): void {
  const { queries, most, slope, ...buffers } = given;
  pass.dispatch(marginMseKernel, buffers, { queries, most, slope }, Math.ceil(queries / threads));
}

/** Records each query's Kullback-Leibler divergence of the student's candidates from the teacher's. */
export function klDivergence(pass: Pass, given: Judged, temperature: number): void {
  const { queries, most, slope, ...buffers } = given;
  const parameters = { queries, most, slope, temperature };
  pass.dispatch(klDivergenceKernel, buffers, parameters, Math.ceil(queries / threads));
}

export interface LayerDivergence {
  /** (N, C): the last layer's pooled vectors, another layer's, and the gradient there, which is added to. */
  readonly last: Binding;
  readonly pooled: Binding;
  readonly gradient: Binding;
  /** (queries + documents) */
  readonly losses: Binding;
  readonly queries: number;
  readonly documents: number;
  readonly firstDocument: number;
  readonly columns: number;
  readonly temperature: number;
  readonly slope: number;
}

/** Records each text's Kullback-Leibler divergence of a layer's pooled vector from the last layer's, as distributions. */
export function layerDivergence(pass: Pass, given: LayerDivergence): void {
  const { last, pooled, gradient, losses, documents, ...parameters } = given;
  const buffers = { last, pooled, gradient, losses };
  const workgroups = parameters.queries + documents;
  pass.dispatch(layerDivergenceKernel({ lanes, threads: lanes }), buffers, parameters, workgroups);
}

/** Records sums (n) of weighted losses (count), added to what is there unless these are the first. */
export function addLosses(
  pass: Pass,
  buffers: Readonly<Record<'losses' | 'sums', Binding>>,
  given: { readonly n: number; readonly count: number; readonly weight: number; readonly isFirst: boolean },
): void {
  const { n, count, weight, isFirst } = given;
  const parameters = { n, count, weight, isFirst: isFirst ? 1 : 0 };
  pass.dispatch(addLossesKernel, buffers, parameters, Math.ceil(n / threads));
}
