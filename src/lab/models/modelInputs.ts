import { UserError } from '../../base/userError.ts';
import { type ModelConfig, positionOffset } from './config.ts';
import type { ScannedModel, ScannedValue } from './onnx/scan.ts';

/** Names that exporters give to what an encoder takes. */
const roles = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'] as const;
type Role = (typeof roles)[number];

/** Inputs that choose among adapters (LoRA), as jina-embeddings-v3 has them. */
const adapterInputs = ['task_id', 'adapter_mask'];

/** `TensorProto.DataType` of what can be fed, as the runtime calls it. */
const types: Readonly<Record<number, InputType>> = { 1: 'float32', 6: 'int32', 7: 'int64', 9: 'bool' };
export type InputType = 'int64' | 'int32' | 'float32' | 'bool';

export interface ModelInput {
  readonly name: Role;
  readonly type: InputType;
}

/** What a graph takes. */
export interface ModelInputs {
  readonly inputs: readonly ModelInput[];
  /** Texts of each run, where the graph is fixed to so many; null where it takes any number. */
  readonly rows: number | null;
  /** Tokens of each text, where the graph is fixed to so many. */
  readonly tokens: number | null;
  readonly padTokenId: number;
  /** The first token's position. */
  readonly firstPosition: number;
}

/**
 * Looks at what a graph takes before it is run.
 * @throws UserError for an input that the lab cannot give, by name, type or shape
 */
export function modelInputs(model: ScannedModel, config: ModelConfig, file: string): ModelInputs {
  const weights = new Set(model.initializers.map(({ name }) => name));
  const asked = model.inputs.filter(({ name }) => !weights.has(name));
  const inputs = asked.map((value) => inputOf(value, file));
  if (!inputs.some(({ name }) => name === 'input_ids')) {
    throw new UserError(
      `takes ${asked.map(({ name }) => `"${name}"`).join(', ') || 'nothing'}, but no "input_ids"; use an export of a text encoder.`,
      { file },
    );
  }
  return {
    inputs,
    rows: fixedLength(asked, 0, 'texts', file),
    tokens: fixedLength(asked, 1, 'tokens', file),
    padTokenId: config.padTokenId,
    firstPosition: positionOffset(config.modelType, config.padTokenId),
  };
}

function inputOf({ name, type, dims }: ScannedValue, file: string): ModelInput {
  if (adapterInputs.includes(name)) {
    throw new UserError(
      `asks by "${name}" which of its LoRA adapters to apply, which the lab does not choose; use an export with one adapter merged into the weights.`,
      { file },
    );
  }
  const role = roles.find((one) => one === name);
  if (!role) {
    throw new UserError(
      `asks for an input "${name}" that the lab does not know; use a plain encoder export.`,
      { file },
    );
  }
  // A graph that does not tell is taken for what all exporters write.
  const known = type === 0 ? 'int64' : types[type];
  if (!known) {
    throw new UserError(
      `takes "${name}" as a tensor of the ONNX type ${type}, which the lab does not give; export it with int64 inputs.`,
      { file },
    );
  }
  if (dims && dims.length !== 2) {
    throw new UserError(
      `takes "${name}" with ${dims.length} axes where an encoder has two, texts and tokens; use a plain encoder export.`,
      { file },
    );
  }
  return { name: role, type: known };
}

function fixedLength(
  values: readonly ScannedValue[],
  axis: number,
  what: string,
  file: string,
): number | null {
  const lengths = new Set(values.map(({ dims }) => dims?.[axis] ?? null).filter((length) => length !== null));
  if (lengths.size > 1) {
    throw new UserError(
      `is fixed to ${[...lengths].join(' and ')} ${what} at once; export it again with one batch of inputs.`,
      { file },
    );
  }
  return [...lengths][0] ?? null;
}

/** What a fixed graph's user should know, as the end of a sentence; null for a graph that takes anything. */
export function fixedShape({ rows, tokens }: ModelInputs): string | null {
  const parts = [
    ...(rows === null ? [] : [`${rows} ${rows === 1 ? 'text' : 'texts'} a run`]),
    ...(tokens === null ? [] : [`${tokens} tokens a text`]),
  ];
  return parts.length === 0 ? null : `its graph is fixed to ${parts.join(' and ')}, and is run so`;
}
