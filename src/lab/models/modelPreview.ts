import { UserError } from '../../base/userError.ts';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import { chooseBackend, deviceOf } from './backend.ts';
import { readModelConfig } from './config.ts';
import { chooseModelFile } from './modelFile.ts';
import { requireTokenizer } from './tokenise.ts';
import type { ModelFiles, ModelKind } from './types.ts';

/** What was understood of a dropped model folder. */
export interface ModelPreview {
  readonly source: string;
  /** A classifier is taken for a cross encoder. */
  readonly kind: ModelKind;
  /** One sentence in the user's words. */
  readonly sentence: string;
}

/** Looks into a model folder. @throws UserError naming the file that is missing or cannot be used */
export async function previewModel(
  name: string,
  files: ModelFiles,
  adapter: AdapterProbe,
): Promise<ModelPreview> {
  if (!(await files.has('config.json'))) {
    throw new UserError(`"${name}" has no config.json; drop a model folder in the hub's layout.`);
  }
  const { architecture, labels, layers, hiddenSize } = await readModelConfig(files);
  const device = deviceOf(chooseBackend('auto', adapter).backend, adapter);
  const { path } = await chooseModelFile(files, 'auto', device);
  await requireTokenizer(files);
  return {
    source: files.source,
    kind: labels === null ? 'de' : 'ce',
    sentence: `${name}: ${architecture}, ${layers} layers of ${hiddenSize}, read from ${path}.`,
  };
}
