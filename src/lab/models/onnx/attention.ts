import type { ScannedModel, ScannedNode } from './scan.ts';

/**
 * Finds each encoder layer's attention probabilities: the softmax between the state that the layer reads
 * and the state that it gives.
 * @param states as of `findHiddenStates`
 * @returns one tensor name an encoder layer, null where there is no such softmax: the attention is fused
 * into one operator
 */
export function findAttention(model: ScannedModel, states: readonly string[]): (string | null)[] {
  const producers = new Map<string, ScannedNode>();
  for (const node of model.nodes) for (const output of node.outputs) producers.set(output, node);
  return states.slice(1).map((state, layer) => {
    const softmax = nodesBetween(states[layer]!, state, producers).filter(
      ({ opType }) => opType === 'Softmax',
    );
    return (softmax.length === 1 && softmax[0]!.outputs[0]) || null;
  });
}

/** The nodes that `to` needs and `from` does not lie behind. */
function nodesBetween(from: string, to: string, producers: ReadonlyMap<string, ScannedNode>): ScannedNode[] {
  const found = new Set<ScannedNode>();
  const seen = new Set([from]);
  const waiting = [to];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = producers.get(name);
    if (!node || found.has(node)) continue;
    found.add(node);
    waiting.push(...node.inputs);
  }
  return [...found];
}
