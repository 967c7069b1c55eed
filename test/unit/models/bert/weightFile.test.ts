import { expect, test } from 'vitest';
import { parameterShapes } from '../../../../src/base/bertShape.ts';
import { readBertConfig } from '../../../../src/lab/models/bert/config.ts';
import { readWeights } from '../../../../src/lab/models/bert/weightFile.ts';
import type { ModelFiles } from '../../../../src/lab/models/types.ts';
import { graphModel } from '../../../support/graphs.ts';
import { diskModel } from '../../../support/modelFiles.ts';

const weightsOf = async (files: ModelFiles) =>
  await readWeights(files, parameterShapes((await readBertConfig(files)).shape));

// The same models, saved by transformers and exported.
test.each(['roberta', 'electra'])(
  'of %s the ONNX file, whose weights lie beside it, gives the parameters of model.safetensors',
  async (family) => {
    const saved = await weightsOf(diskModel(`test/reference/weights/${family}`));
    const exported = await weightsOf(graphModel(family));
    expect([...exported.keys()]).toEqual([...saved.keys()]);
    for (const [name, { data }] of exported) expect(data, name).toEqual(saved.get(name)!.data);
  },
);

test.each([
  'bert-dynamo',
  'bert-dynamo-unfolded',
  'bert-opset11',
  'bert-O1',
  'bert-no-types',
  'bert-external',
])('the export %s gives the same parameters as that of optimum', async (form) => {
  const right = await weightsOf(graphModel('bert'));
  for (const [name, { data }] of await weightsOf(graphModel('bert', form)))
    expect(data, name).toEqual(right.get(name)!.data);
});

test('a quantised file is refused in one sentence', async () => {
  await expect(weightsOf(graphModel('bert', 'bert-int8'))).rejects.toThrow(
    'use the unquantised file of the encoder.',
  );
});
