import { type Field, fieldsOf, MessageWriter, stringOf } from './protobuf.ts';
import { graphField, modelField, nodeField, type ScannedModel, scanModel, tensorField } from './scan.ts';

/** Field numbers of onnx.proto3 for functions and attributes. */
const functionField = {
  name: 1,
  input: 4,
  output: 5,
  node: 7,
  opset: 9,
  domain: 10,
  defaults: 11,
  overload: 13,
} as const;
const attributeField = { name: 1, graph: 6, graphs: 11, referred: 21 } as const;
const valueNameField = 1;
const opsetDomainField = 1;

type Fields = readonly Field[];
type Rename = (name: string) => string;

/** Where a node stands: in the graph itself, or in a call of a function. */
interface Scope {
  readonly prefix: string;
  readonly rename: Rename;
  /** Those of the call, by name. */
  readonly attributes: ReadonlyMap<string, Field>;
}

const ownScope: Scope = { prefix: '', rename: (name) => name, attributes: new Map() };

interface FunctionBody {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: Fields;
  /** Attributes by name. */
  readonly defaults: ReadonlyMap<string, Field>;
}

/** As {@link scanModel}, of a model with functions that of the same without. */
export function scanInlined(bytes: Uint8Array<ArrayBuffer>, file: string): ScannedModel {
  const model = scanModel(bytes, file);
  return model.functions.length === 0 ? model : scanModel(inlineFunctions(model), file);
}

/**
 * Puts the bodies of a model's functions in place of the nodes that call them, as exporters write them that
 * keep modules as functions, so that tensors within layers have names of the graph. Weights are copied as they are.
 * @returns the same model without functions
 */
export function inlineFunctions(model: ScannedModel): Uint8Array<ArrayBuffer> {
  return new Inliner(model).model();
}

class Inliner {
  readonly #model: ScannedModel;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #functions = new Map<string, FunctionBody>();
  #calls = 0;

  constructor(model: ScannedModel) {
    this.#model = model;
    this.#bytes = model.bytes;
    for (const field of model.functions) {
      const parts = this.#parts(field);
      this.#functions.set(
        this.#key(parts, functionField.domain, functionField.name, functionField.overload),
        {
          inputs: this.#strings(parts, functionField.input),
          outputs: this.#strings(parts, functionField.output),
          nodes: parts.filter(({ number }) => number === functionField.node),
          defaults: this.#byName(parts.filter(({ number }) => number === functionField.defaults)),
        },
      );
    }
  }

  model(): Uint8Array<ArrayBuffer> {
    const { nodes, initializers, inputs, outputs, valueInfo, graphRest, modelRest } = this.#model;
    const graph = new MessageWriter();
    for (const node of nodes) {
      for (const field of fieldsOf(this.#bytes, node.start, node.end)) {
        this.#node(graph, field, ownScope);
      }
    }
    for (const range of [...initializers, ...inputs, ...outputs, ...valueInfo, ...graphRest]) {
      graph.raw(this.#bytes.subarray(range.start, range.end));
    }
    const out = new MessageWriter();
    for (const range of modelRest) out.raw(this.#bytes.subarray(range.start, range.end));
    for (const opset of this.#furtherOpsets()) out.message(modelField.opset, opset);
    return out.message(modelField.graph, graph).finish();
  }

  /** Operator sets that only functions name; of those that the model names too, the model's version holds. */
  #furtherOpsets(): MessageWriter[] {
    const known = new Set(
      this.#model.modelRest.flatMap(({ start, end }) =>
        [...fieldsOf(this.#bytes, start, end)]
          .filter(({ number }) => number === modelField.opset)
          .map((field) => this.#domain(field)),
      ),
    );
    const further: MessageWriter[] = [];
    for (const field of this.#model.functions.flatMap((one) => this.#parts(one))) {
      if (field.number !== functionField.opset || known.has(this.#domain(field))) continue;
      known.add(this.#domain(field));
      further.push(new MessageWriter().raw(this.#bytes.subarray(field.payload, field.end)));
    }
    return further;
  }

  #domain(opset: Field): string {
    return this.#strings(this.#parts(opset), opsetDomainField)[0] ?? '';
  }

  /** Writes a node, or what it stands for. */
  #node(graph: MessageWriter, field: Field, scope: Scope): void {
    const parts = this.#parts(field);
    const body = this.#functions.get(
      this.#key(parts, nodeField.domain, nodeField.opType, nodeField.overload),
    );
    if (!body) {
      graph.message(graphField.node, this.#renamedNode(parts, scope));
      return;
    }
    const prefix = `layerlab_call_${this.#calls++}/`;
    const names = new Map<string, string>();
    const given = this.#strings(parts, nodeField.input).map(scope.rename);
    for (const [index, name] of body.inputs.entries()) names.set(name, given[index] ?? '');
    for (const [index, name] of this.#strings(parts, nodeField.output).entries()) {
      const inner = body.outputs[index];
      if (inner !== undefined && name !== '') names.set(inner, scope.rename(name));
    }
    const own = this.#byName(parts.filter(({ number }) => number === nodeField.attribute));
    const inner: Scope = {
      prefix,
      rename: (name) => (name === '' ? '' : (names.get(name) ?? prefix + name)),
      attributes: new Map([...body.defaults, ...own]),
    };
    for (const node of body.nodes) this.#node(graph, node, inner);
  }

  #renamedNode(parts: Fields, scope: Scope): MessageWriter {
    const writer = new MessageWriter();
    for (const part of parts) {
      if (part.number === nodeField.name) {
        // Nodes without a name may be many, but one name stands for one node.
        const name = stringOf(this.#bytes, part);
        if (name !== '') writer.string(nodeField.name, scope.prefix + name);
      } else if (part.number === nodeField.input || part.number === nodeField.output) {
        writer.string(part.number, scope.rename(stringOf(this.#bytes, part)));
      } else if (part.number === nodeField.attribute) {
        this.#attribute(writer, part, scope);
      } else writer.raw(this.#bytes.subarray(part.start, part.end));
    }
    return writer;
  }

  /** An attribute may stand for one of the function's, and may hold graphs. */
  #attribute(node: MessageWriter, field: Field, scope: Scope): void {
    const parts = this.#parts(field);
    const [name = ''] = this.#strings(parts, attributeField.name);
    const [referred] = this.#strings(parts, attributeField.referred);
    const source = referred === undefined ? field : scope.attributes.get(referred);
    if (!source) return;
    const writer = new MessageWriter().string(attributeField.name, name);
    for (const part of this.#parts(source)) {
      if (part.number === attributeField.name) continue;
      if (part.number === attributeField.graph || part.number === attributeField.graphs) {
        writer.message(part.number, this.#subgraph(part, scope));
      } else writer.raw(this.#bytes.subarray(part.start, part.end));
    }
    node.message(nodeField.attribute, writer);
  }

  #subgraph(field: Field, scope: Scope): MessageWriter {
    const graph = new MessageWriter();
    for (const part of this.#parts(field)) {
      if (part.number === graphField.node) this.#node(graph, part, scope);
      else if (part.number === graphField.initializer)
        graph.message(part.number, this.#named(part, tensorField.name, scope.rename));
      else if (
        part.number === graphField.input ||
        part.number === graphField.output ||
        part.number === graphField.valueInfo
      )
        graph.message(part.number, this.#named(part, valueNameField, scope.rename));
      else graph.raw(this.#bytes.subarray(part.start, part.end));
    }
    return graph;
  }

  #named(field: Field, nameField: number, rename: Rename): MessageWriter {
    const writer = new MessageWriter();
    for (const part of this.#parts(field)) {
      if (part.number === nameField) writer.string(nameField, rename(stringOf(this.#bytes, part)));
      else writer.raw(this.#bytes.subarray(part.start, part.end));
    }
    return writer;
  }

  #parts({ payload, end }: Field): Field[] {
    return [...fieldsOf(this.#bytes, payload, end)];
  }

  #strings(parts: Fields, number: number): string[] {
    return parts.filter((part) => part.number === number).map((part) => stringOf(this.#bytes, part));
  }

  #byName(attributes: Fields): Map<string, Field> {
    return new Map(
      attributes.map((field) => [this.#strings(this.#parts(field), attributeField.name)[0] ?? '', field]),
    );
  }

  /** Domain, name and overload tell a function; `ai.onnx` is another word for no domain. */
  #key(parts: Fields, domain: number, name: number, overload: number): string {
    const of = (number: number): string => this.#strings(parts, number)[0] ?? '';
    const space = of(domain) === 'ai.onnx' ? '' : of(domain);
    return [space, of(name), of(overload)].join('\n');
  }
}
