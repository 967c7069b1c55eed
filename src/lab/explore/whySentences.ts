import { layerLabel, metricLabel } from '../report/curves.ts';
import type { LayerwiseRow } from '../report/report.ts';
import type { Correlation } from './spearman.ts';
import { type Measure, measures, type TokenFigures } from './tokenFigures.ts';

const named: Readonly<Record<Measure, string>> = {
  norm: 'norm of the embedding',
  'direction-1': 'first singular direction',
  'direction-2': 'second singular direction',
  'direction-3': 'third singular direction',
};

export function measureName(measure: Measure): string {
  return named[measure];
}

/** A correlation as text: "−0.44 (95 % interval −0.47 to −0.42)". */
export function correlationInWords({ rho, low, high }: Correlation): string {
  if (Number.isNaN(rho)) return 'not defined';
  if (Number.isNaN(low)) return `${signed(rho)} (too few tokens for an interval)`;
  return `${signed(rho)} (95 % interval ${signed(low)} to ${signed(high)})`;
}

/** With a true minus, so that a line does not break behind it. */
function signed(value: number, digits = 2): string {
  return value.toFixed(digits).replace('-', '−');
}

/** Below this a correlation is called none, whatever its interval: thousands of tokens make any difference certain. */
const least = 0.1;

/** Cohen's conventions for the size of a correlation. */
function strength(rho: number): string {
  const size = Math.abs(rho);
  if (size < 0.3) return 'weak';
  return size < 0.5 ? 'moderate' : 'strong';
}

/** Whether a correlation is one, and not what chance or sheer numbers make of none. */
export function isRelated({ rho, low, high }: Correlation): boolean {
  return Math.abs(rho) >= least && low * high > 0;
}

/** The direction whose correlation is largest, its sign left aside; null where none is defined. */
export function strongestDirection({ correlations }: Pick<TokenFigures, 'correlations'>): Measure | null {
  return measures
    .filter((measure) => measure !== 'norm' && !Number.isNaN(correlations[measure].rho))
    .reduce<Measure | null>(
      (best, measure) =>
        best && Math.abs(correlations[best].rho) >= Math.abs(correlations[measure].rho) ? best : measure,
      null,
    );
}

/** What the correlations of both models show, sentence by sentence. */
export function whySentences(ce: TokenFigures, de: TokenFigures): string[] {
  const undefinedFor = [ce, de].filter(({ correlations }) => Number.isNaN(correlations.norm.rho));
  if (undefinedFor.length > 0) {
    return undefinedFor.map(
      ({ model, tokens }) =>
        `For the ${model.toUpperCase()} nothing can be correlated: the ${tokens.length} tokens of this collection have one IDF or one norm. Choose a collection of more documents.`,
    );
  }
  return [
    normSentence(ce),
    normSentence(de),
    normsTogether(ce, de),
    directionSentence(ce),
    directionSentence(de),
    conclusion(ce, de),
  ];
}

function normSentence({ model, correlations: { norm }, tokens }: TokenFigures): string {
  const name = model.toUpperCase();
  const figures = `ρ = ${correlationInWords(norm)}, ${tokens.length.toLocaleString('en')} tokens`;
  if (!isRelated(norm))
    return `In the ${name}, how long a token’s embedding is has no relation worth the name to its IDF: ${figures}.`;
  return `In the ${name}, rare tokens have ${norm.rho > 0 ? 'longer' : 'shorter'} embeddings than common ones, a ${strength(norm.rho)} relation: ${figures}.`;
}

function normsTogether(ce: TokenFigures, de: TokenFigures): string {
  const [a, b] = [ce.correlations.norm, de.correlations.norm];
  if (!isRelated(a) && !isRelated(b))
    return 'By their length alone, neither model’s embeddings tell rare tokens from common ones.';
  if (!isRelated(a) || !isRelated(b))
    return `Only the ${isRelated(a) ? 'CE' : 'DE'}’s embeddings tell rare tokens from common ones by their length.`;
  if (a.rho * b.rho < 0)
    return 'The signs are opposite: what is rare is long in one model and short in the other.';
  return a.rho > 0
    ? 'In both models a plain mean over tokens thus leans towards the rare ones, as IDF weights would make it.'
    : 'In both models a plain mean over tokens thus leans towards the common ones, against what IDF weights would do.';
}

function directionSentence(figures: TokenFigures): string {
  const { model, correlations, shares } = figures;
  const strongest = strongestDirection(figures);
  const name = model.toUpperCase();
  if (strongest === null || !isRelated(correlations[strongest])) {
    return `None of the first three singular directions of the ${name}’s embedding matrix orders tokens by their IDF.`;
  }
  const share = Math.round(100 * shares[measures.indexOf(strongest) - 1]!);
  const { rho } = correlations[strongest];
  return `Of the first three singular directions of the ${name}’s embedding matrix, the ${strongest === 'direction-1' ? 'first' : strongest === 'direction-2' ? 'second' : 'third'} (${share} % of the sum of squares) goes most with IDF, a ${strength(rho)} relation: ρ = ${correlationInWords(correlations[strongest])}.`;
}

function conclusion(ce: TokenFigures, de: TokenFigures): string {
  const size = (figures: TokenFigures): Correlation | null => {
    const best = (['norm', strongestDirection(figures)] as const)
      .filter((measure) => measure !== null)
      .map((measure) => figures.correlations[measure])
      .filter(isRelated)
      .toSorted((a, b) => Math.abs(b.rho) - Math.abs(a.rho));
    return best[0] ?? null;
  };
  const [a, b] = [size(ce), size(de)];
  if (!a && !b)
    return 'So IDF, as these figures measure it, does not explain for this pair how well embedding layers search.';
  if (!a || !b) {
    return `So only the ${a ? 'CE' : 'DE'}’s embedding matrix is seen to hold how rare tokens of this collection are, before any layer is run.`;
  }
  const range = ({ low, high }: Correlation): [number, number] => (low > 0 ? [low, high] : [-high, -low]);
  const [[aLow, aHigh], [bLow, bHigh]] = [range(a), range(b)];
  const both =
    'So both embedding matrices hold how rare tokens of this collection are, before any layer is run';
  if (aLow > bHigh) return `${both}, the CE’s more plainly than the DE’s: their intervals lie apart.`;
  if (bLow > aHigh) return `${both}, the DE’s more plainly than the CE’s: their intervals lie apart.`;
  return `${both}; which holds it more plainly cannot be told, since their intervals overlap.`;
}

/** What IDF weights did to the curves of both models, at the outermost layers and where they did most. */
export function weightingSentences(
  plain: readonly LayerwiseRow[],
  weighted: readonly LayerwiseRow[],
  metric: string,
): string[] {
  const name = metricLabel(metric);
  return (['ce', 'de'] as const).flatMap((model) => {
    const changes = plain
      .filter((row) => row.model === model)
      .flatMap((row) => {
        const other = weighted.find((one) => one.model === model && one.layer === row.layer);
        const [before, after] = [row.metrics[metric], other?.metrics[metric]];
        return before === undefined || after === undefined
          ? []
          : [{ layer: row.layer, before, after, queries: row.queries }];
      })
      .toSorted((a, b) => a.layer - b.layer);
    const [first, last] = [changes[0], changes.at(-1)];
    if (!first || !last) return [];
    const most = changes.reduce((best, one) =>
      Math.abs(one.after - one.before) > Math.abs(best.after - best.before) ? one : best,
    );
    const at = ({ before, after }: typeof first): string =>
      before === after
        ? `leave ${name} at ${before.toFixed(3)}`
        : `${after > before ? 'raise' : 'lower'} ${name} from ${before.toFixed(3)} to ${after.toFixed(3)}`;
    const others = changes.length > 1 ? `, and ${at(last)} at its last layer` : '';
    const inner =
      most === first || most === last || most.after === most.before
        ? ''
        : ` They do most at layer ${layerLabel(most.layer)}: ${most.after > most.before ? '+' : ''}${signed(most.after - most.before, 3)}.`;
    return [
      `IDF weights ${at(first)} at the ${model.toUpperCase()}’s ${first.layer === 0 ? 'embedding layer' : `layer ${first.layer}`}${others}.${inner}`,
    ];
  });
}
