import { type Graph, passedThrough } from './graph.ts';

const fusedNorms = new Set(['LayerNormalization', 'SimplifiedLayerNormalization', 'RMSNormalization']);
/** What a norm consists of where it is written out: (x - mean) / sqrt(mean of squares + epsilon) * gamma + beta. */
const steps = new Set([
  'ReduceMean',
  'Sub',
  'Pow',
  'Mul',
  'Add',
  'Sqrt',
  'Reciprocal',
  'Div',
  ...passedThrough,
]);

/**
 * The output of the normalisation that reads a tensor, LayerNorm or RMSNorm, in one operator or written out.
 * @returns null where nothing normalises it
 */
export function normalised(graph: Graph, name: string): string | null {
  for (const read of throughCasts(graph, name)) {
    for (const reader of graph.readers(read)) {
      const node = graph.nodes[reader]!;
      if (fusedNorms.has(node.opType) && node.inputs[0] === read) return node.outputs[0] ?? null;
    }
  }
  const scaled = scaledBySpread(graph, name);
  return scaled === null ? null : behindGammaAndBeta(graph, scaled);
}

/** A tensor and those behind it that hold the same numbers. */
function throughCasts(graph: Graph, name: string): string[] {
  const names = [name];
  for (const at of names) {
    for (const reader of graph.readers(at)) {
      const { opType, inputs, outputs } = graph.nodes[reader]!;
      if (passedThrough.has(opType) && inputs[0] === at) names.push(outputs[0]!);
    }
  }
  return names;
}

/** x, centred or not, divided by the root of its own mean of squares: the first such quotient behind x. */
function scaledBySpread(graph: Graph, name: string): string | null {
  const maker = graph.maker(name);
  if (maker === undefined) return null;
  const own = new Set([name]);
  const spread = new Set<string>();
  for (const index of graph.descendants(maker)) {
    const { opType, inputs, outputs } = graph.nodes[index]!;
    const computed = inputs.filter((input) => graph.computed(input));
    if (!steps.has(opType) || computed.length === 0 || !computed.every((input) => own.has(input))) continue;
    const output = outputs[0]!;
    const bySpread = computed.filter((input) => spread.has(input)).length;
    if ((opType === 'Div' || opType === 'Mul') && bySpread === 1 && computed.length === 2) return output;
    own.add(output);
    if (opType === 'Sqrt' || bySpread > 0) spread.add(output);
  }
  return null;
}

/** Follows a tensor through products and sums with weights, and casts. */
function behindGammaAndBeta(graph: Graph, name: string): string {
  let at = name;
  for (const step of ['Mul', 'Add'] as const) {
    for (const read of throughCasts(graph, at)) {
      const next = graph
        .readers(read)
        .map((reader) => graph.nodes[reader]!)
        .find(({ opType, inputs }) => opType === step && inputs.some((input) => !graph.computed(input)));
      if (!next) continue;
      at = next.outputs[0]!;
      break;
    }
  }
  return at;
}
