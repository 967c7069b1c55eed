import { bytes } from '../../base/units.ts';
import type { DescribedGraph, ModelDescription } from './describeModel.ts';

const count = (value: number): string => value.toLocaleString('en');

/** A description as a table of two columns, for the page and the command line. */
export function describedLines(model: ModelDescription): (readonly [name: string, value: string])[] {
  const { kind, family, architecture, layers, hiddenSize, heads, intermediate, vocabulary, tokenizer } =
    model;
  const sizes = [
    `${layers} layers of ${hiddenSize}`,
    ...(heads === null ? [] : [`${heads} heads`]),
    ...(intermediate === null ? [] : [`feed-forward ${intermediate}`]),
    ...(vocabulary === null ? [] : [`vocabulary ${count(vocabulary)}`]),
    `${count(model.maxTokens)} tokens`,
  ];
  const row = (name: string, value: string | null): (readonly [string, string])[] =>
    value === null ? [] : [[name, value]];
  return [
    ['Model', model.source],
    ['Kind', `${kind === 'ce' ? 'cross encoder' : 'dual encoder'}, ${family} (${architecture})`],
    ['Size', sizes.join(', ')],
    ...model.files.map(
      ({ path, bytes: size, precision }) =>
        ['File', `${path}, ${precision}${size === null ? '' : `, ${bytes(size)}`}`] as const,
    ),
    ...row(
      'Tokeniser',
      tokenizer &&
        [
          tokenizer.kind,
          tokenizer.single,
          ...(tokenizer.pair ? [tokenizer.pair] : []),
          `pads ${tokenizer.padding}`,
        ].join('; '),
    ),
    ...row(kind === 'ce' ? 'Score' : 'Embedding', model.reading),
    ...model.prompts.map(([name, prompt]) => ['Prompt', `${name}: ${JSON.stringify(prompt)}`] as const),
    ...(model.graph ? graphLines(model.graph) : []),
    ['Training', model.training],
    ...model.notes.map((sentence) => ['Note', sentence] as const),
    ...model.refused.map((sentence) => ['Refused', sentence] as const),
  ];
}

function graphLines({
  path,
  why,
  parameters,
  states,
  attention,
  logits,
}: DescribedGraph): [string, string][] {
  const range = (layers: readonly number[]): string =>
    layers.length === 0 ? 'none' : layers.length === 1 ? `${layers[0]}` : `${layers[0]} to ${layers.at(-1)}`;
  return [
    ['Run from', `${path}${why === null ? '' : `, since ${why}`}; ${count(parameters)} parameters`],
    ['Hidden states', range(states)],
    ['Attention', range(attention)],
    ['Logits', logits ? 'yes' : 'no'],
  ];
}
