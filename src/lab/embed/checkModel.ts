import { readModelConfig } from '../models/config.ts';
import { askedLayers, layersOf, readModel, type SessionOptions } from '../models/readModel.ts';
import { requireModel } from '../models/requireModel.ts';
import { type OwnSettings, readOwnReading } from '../models/sentenceTransformers/ownReading.ts';

/** Whether a model's files are there and have the layers asked for, null for all. @throws UserError */
export async function checkLayers(options: SessionOptions, layers: readonly number[] | null): Promise<void> {
  await requireModel(options.files, options.signal);
  const read = await readModel(options);
  askedLayers(read, layersOf(read).states, layers);
}

/** Whether a dual encoder can be read as its own configuration says. @throws UserError */
export async function checkBaseline(
  options: SessionOptions,
  settings: OwnSettings,
  layer?: number,
): Promise<void> {
  const { files, signal } = options;
  await readOwnReading(files, await readModelConfig(files, signal), settings, signal);
  await checkLayers(options, layer === undefined ? [] : [layer]);
}
