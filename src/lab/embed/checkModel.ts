import { readModelConfig } from '../models/config.ts';
import { askedLayers, layersOf, readModel, type SessionOptions } from '../models/readModel.ts';
import { type OwnSettings, readOwnReading } from '../models/sentenceTransformers/ownReading.ts';
import { requireTokenizer } from '../models/tokenise.ts';

/** Whether a model's files are there and have the layers asked for, null for all. @throws UserError */
export async function checkLayers(options: SessionOptions, layers: readonly number[] | null): Promise<void> {
  // A model that is not there at all is said before what of it is missing.
  await readModelConfig(options.files, options.signal);
  await requireTokenizer(options.files);
  const read = await readModel(options);
  askedLayers(read, layersOf(read).states, layers);
}

/** Whether a dual encoder can be read as its own configuration says. @throws UserError */
export async function checkBaseline(options: SessionOptions, settings: OwnSettings): Promise<void> {
  const { files, signal } = options;
  await readOwnReading(files, await readModelConfig(files, signal), settings, signal);
  await checkLayers(options, []);
}
