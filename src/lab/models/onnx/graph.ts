import type { ScannedModel, ScannedNode } from './scan.ts';

/** Operators that a tensor passes without being another: the same numbers, in another type. */
export const passedThrough = new Set(['Cast', 'DequantizeLinear', 'Identity', 'QuantizeLinear']);

/** Operators whose outputs tell of shapes alone. */
const shapeOnly = new Set(['Shape', 'Size']);

/**
 * Who makes and who reads each tensor of a graph. Only nodes that compute on what the model is given are
 * looked at: weights, constants and shapes are none of a tensor's ancestors. Nodes are known by their place in
 * `nodes`.
 */
export class Graph {
  /** In the order of computation. */
  readonly nodes: readonly ScannedNode[];
  readonly #makers = new Map<string, number>();
  readonly #readers = new Map<string, number[]>();
  readonly #given: ReadonlySet<string>;

  constructor(model: ScannedModel) {
    this.nodes = inOrder(model.nodes);
    const weights = new Set(model.initializers.map(({ name }) => name));
    this.#given = new Set(model.inputs.map(({ name }) => name).filter((name) => !weights.has(name)));
    for (const [index, node] of this.nodes.entries()) {
      if (shapeOnly.has(node.opType)) continue;
      const read = [...node.inputs, ...node.captured].filter((name) => this.computed(name));
      if (read.length === 0) continue;
      for (const output of node.outputs) if (output !== '') this.#makers.set(output, index);
      for (const name of read) {
        const readers = this.#readers.get(name);
        if (readers) readers.push(index);
        else this.#readers.set(name, [index]);
      }
    }
  }

  /** Whether a tensor depends on the model's inputs. */
  computed(name: string): boolean {
    return this.#given.has(name) || this.#makers.has(name);
  }

  /** The node that makes a tensor; undefined for inputs, weights and constants. */
  maker(name: string): number | undefined {
    return this.#makers.get(name);
  }

  readers(name: string): readonly number[] {
    return this.#readers.get(name) ?? [];
  }

  /** Nodes that a node needs, itself included. */
  ancestors(of: number): Set<number> {
    const found = new Set([of]);
    const waiting = [of];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const { inputs, captured } = this.nodes[index]!;
      for (const name of [...inputs, ...captured]) {
        const maker = this.#makers.get(name);
        if (maker === undefined || found.has(maker)) continue;
        found.add(maker);
        waiting.push(maker);
      }
    }
    return found;
  }

  /** Nodes that need a node, itself included, in the order of computation. */
  descendants(of: number): number[] {
    const found = new Set([of]);
    const waiting = [of];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      for (const name of this.nodes[index]!.outputs) {
        for (const reader of this.readers(name)) {
          if (found.has(reader)) continue;
          found.add(reader);
          waiting.push(reader);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** A tensor and those before it that hold the same numbers, the nearest first. */
  sameNumbers(name: string): string[] {
    const names = [name];
    for (let at = name; ; ) {
      const maker = this.#makers.get(at);
      if (maker === undefined) return names;
      const { opType, inputs } = this.nodes[maker]!;
      const [read] = inputs;
      if (!passedThrough.has(opType) || read === undefined || !this.computed(read)) return names;
      names.push(read);
      at = read;
    }
  }
}

/** Nodes behind those that they read from. ONNX asks for that order, but converters append nodes at the end. */
function inOrder(nodes: readonly ScannedNode[]): ScannedNode[] {
  const makers = new Map<string, ScannedNode>();
  for (const node of nodes) for (const output of node.outputs) makers.set(output, node);
  const ordered = new Set<ScannedNode>();
  const entered = new Set<ScannedNode>();
  for (const first of nodes) {
    const waiting = [first];
    for (let node = waiting.at(-1); node; node = waiting.at(-1)) {
      if (entered.has(node)) {
        ordered.add(node);
        waiting.pop();
        continue;
      }
      entered.add(node);
      for (const name of [...node.inputs, ...node.captured]) {
        const maker = name === '' ? undefined : makers.get(name);
        if (maker && !entered.has(maker)) waiting.push(maker);
      }
    }
  }
  return [...ordered];
}
