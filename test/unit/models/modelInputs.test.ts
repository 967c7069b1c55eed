import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ModelConfig } from '../../../src/lab/models/config.ts';
import { modelInputs } from '../../../src/lab/models/modelInputs.ts';
import { type ScannedModel, type ScannedValue, scanModel } from '../../../src/lab/models/onnx/scan.ts';

const scanned = (name: string): ScannedModel =>
  scanModel(
    new Uint8Array(readFileSync(new URL(`../../reference/graphs/${name}.onnx`, import.meta.url))),
    `${name}.onnx`,
  );
const config = { modelType: 'bert', padTokenId: 0 } as ModelConfig;
const inputsOf = (name: string) => modelInputs(scanned(name), config, `${name}.onnx`);

test('types and shapes are looked at before a graph is run', () => {
  const names = ['input_ids', 'attention_mask', 'token_type_ids'];
  expect(inputsOf('bert')).toMatchObject({
    inputs: names.map((name) => ({ name, type: 'int64' })),
    rows: null,
    tokens: null,
  });
  expect(inputsOf('bert-int32').inputs.map(({ type }) => type)).toEqual(['int32', 'int32', 'int32']);
  expect(inputsOf('bert-fixed')).toMatchObject({ rows: 2, tokens: 11 });
  expect(inputsOf('distilbert').inputs.map(({ name }) => name)).toEqual(['input_ids', 'attention_mask']);
});

test("RoBERTa's first position stands behind the pad token's", () => {
  const roberta = { ...config, modelType: 'xlm-roberta', padTokenId: 1 };
  expect(modelInputs(scanned('xlm-roberta'), roberta, 'm.onnx').firstPosition).toBe(2);
});

const value = (name: string, type: number, dims: readonly (number | null)[]): ScannedValue => ({
  name,
  type,
  dims,
  start: 0,
  end: 0,
});
const ids = value('input_ids', 7, [null, null]);

test.each([
  [
    'an unknown input',
    [ids, value('temperature', 7, [])],
    'asks for an input "temperature" that the lab does not know',
  ],
  [
    'LoRA that is not merged, as jina-embeddings-v3 is exported,',
    [ids, value('attention_mask', 7, [null, null]), value('task_id', 7, [])],
    'asks by "task_id" which of its LoRA adapters to apply, which the lab does not choose; use an export with one adapter merged into the weights.',
  ],
  [
    'ids as strings',
    [value('input_ids', 8, [null, null])],
    'takes "input_ids" as a tensor of the ONNX type 8',
  ],
  ['three axes', [value('input_ids', 7, [null, 2, null])], 'takes "input_ids" with 3 axes'],
  ['no ids', [value('attention_mask', 7, [null, null])], 'takes "attention_mask", but no "input_ids"'],
  [
    'two lengths',
    [value('input_ids', 7, [1, 16]), value('attention_mask', 7, [1, 32])],
    'is fixed to 16 and 32 tokens at once',
  ],
])('%s is refused in one sentence with the file', (_, inputs, sentence) => {
  const model = { ...scanned('bert'), inputs };
  expect(() => modelInputs(model, config, 'hub:a/b/onnx/model.onnx')).toThrow(
    `hub:a/b/onnx/model.onnx: ${sentence}`,
  );
});
