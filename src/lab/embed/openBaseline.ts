import { readModelConfig } from '../models/config.ts';
import { openInspectSession } from '../models/inspectSession.ts';
import type { SessionOptions } from '../models/readModel.ts';
import { ownEncoder } from '../models/sentenceTransformers/ownEncoder.ts';
import {
  type OwnReading,
  type OwnSettings,
  readingInWords,
  readOwnReading,
} from '../models/sentenceTransformers/ownReading.ts';
import { needsStates, ownSession, type StateSession } from '../models/sentenceTransformers/ownSession.ts';
import { openLayerSession } from '../models/session.ts';
import { readTokenizer } from '../models/tokenise.ts';
import type { LayerSession } from '../models/types.ts';
import type { OpenedModel } from './openModel.ts';

/**
 * Opens a dual encoder that reads, pools and compares as sentence-transformers does with it, by the model's own
 * configuration.
 * @param layer after which it is cut; the last without
 * @throws UserError where the lab could not compute what sentence-transformers would
 */
export async function openBaseline(
  options: SessionOptions,
  settings: OwnSettings,
  layer?: number,
): Promise<Omit<OpenedModel, 'tokenizerHash'>> {
  const { files, signal } = options;
  const config = await readModelConfig(files, signal);
  const reading = await readOwnReading(files, config, settings, signal);
  const tokenizer = await readTokenizer(files, signal);
  const encoderOf = (role: 'query' | 'document') => ownEncoder(tokenizer, reading, role, config.padTokenId);
  const [encoder, queryEncoder] = [encoderOf('document'), encoderOf('query')];
  const session = ownSession(await openLast(options, layer ?? config.layers, reading), reading);
  return {
    session: {
      ...session,
      get info() {
        return { ...session.info, reading: readingInWords(reading) };
      },
    },
    encoder,
    queryEncoder,
    similarity: reading.similarity,
    notes: reading.notes,
  };
}

/** The last layer, token by token where the pooling needs it so. */
export async function openLast(
  options: SessionOptions,
  layer: number,
  { pooling }: Pick<OwnReading, 'pooling'>,
): Promise<LayerSession | StateSession> {
  if (!needsStates(pooling)) return await openLayerSession(options, [layer]);
  const session = await openInspectSession(options, { layers: [layer], attention: [] });
  return {
    get info() {
      return session.info;
    },
    layers: session.layers,
    pooled: async (batch) => (await session.inspect(batch)).pooled,
    states: async (batch) => (await session.inspect(batch)).states,
    dispose: () => session.dispose(),
  };
}
