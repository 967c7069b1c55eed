import { readPairEncoder } from '../compare/openReranker.ts';
import { type ModelSource, sessionOptions } from '../embed/openModel.ts';
import { openInspectSession } from '../models/inspectSession.ts';
import type { SessionOptions } from '../models/readModel.ts';
import { requireModel } from '../models/requireModel.ts';
import { type Head, headOf } from '../models/sentenceTransformers/head.ts';
import { readPipeline } from '../models/sentenceTransformers/ownReading.ts';
import { readOwnConfig } from '../models/sentenceTransformers/prompts.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../models/tokenise.ts';
import type { ModelKind } from '../models/types.ts';
import type { Spec } from '../spec/spec.ts';
import type { InspectedCrossEncoder, InspectedModel } from './inspectPair.ts';

/** Both models of a spec, opened to look inside. */
export interface OpenedPair {
  readonly ce: InspectedCrossEncoder;
  readonly de: InspectedModel;
  /** How the CE's logits become one number; null for a model without a head in its graph. */
  readonly head: Head | null;
  /** What may surprise about how the models are read, in sentences. */
  readonly notes: readonly string[];
  dispose(): Promise<void>;
}

interface Opening {
  readonly signal: AbortSignal;
  readonly onDownload?: SessionOptions['onDownload'];
  /** Told which model is opened next. */
  readonly onModel?: (kind: ModelKind) => void;
}

/** @throws UserError for what the user can mend, Cancelled when the signal is aborted */
export async function openPair(spec: Spec, from: ModelSource, opening: Opening): Promise<OpenedPair> {
  opening.onModel?.('ce');
  const { model: ce, head } = await openCrossEncoder(spec, from, opening);
  try {
    opening.onModel?.('de');
    const { model: de, note } = await openDualEncoder(spec, from, opening);
    return {
      ce,
      de,
      head,
      notes: [
        ...(head === null
          ? [`${spec.models.ce.source} has no head in its graph, so that it gives no logit of a pair.`]
          : []),
        ...(note === null ? [] : [note]),
        ...(spec.pooling.weights === 'idf'
          ? ['Tokens weigh alike here: weights by IDF are those of a collection, and a pair has none.']
          : []),
      ],
      async dispose() {
        await ce.session.dispose();
        await de.session.dispose();
      },
    };
  } catch (error) {
    await ce.session.dispose();
    throw error;
  }
}

async function openCrossEncoder(
  spec: Spec,
  from: ModelSource,
  opening: Opening,
): Promise<{ model: InspectedCrossEncoder; head: Head | null }> {
  const { signal } = opening;
  const options = await sessionOptions('ce', spec, from, opening);
  const { files } = options;
  const config = await requireModel(files, signal);
  const own = await readOwnConfig(files, signal);
  const head = config.labels === null ? null : headOf(config, own, spec.models.ce.label, files.source);
  const tokenizer = await readTokenizer(files, signal);
  const session = await (from.sessions?.hold(options) ?? openInspectSession(options));
  const { maxTokens, padTokenId } = session.info;
  const maxLength = Math.min(spec.maxLength, maxTokens);
  return {
    head,
    model: {
      session,
      encoder: selfPairEncoder(tokenizer, spec.pooling, maxLength, padTokenId),
      pairs: await readPairEncoder(files, config, { own, maxLength, head, signal }),
      tokens: tokensBy(tokenizer),
    },
  };
}

async function openDualEncoder(
  spec: Spec,
  from: ModelSource,
  opening: Opening,
): Promise<{ model: InspectedModel; note: string | null }> {
  const { signal } = opening;
  const options = await sessionOptions('de', spec, from, opening);
  const { files } = options;
  await requireModel(files, signal);
  const tokenizer = await readTokenizer(files, signal);
  const { modes } = (await readPipeline(files, [], signal)).pooling;
  const session = await (from.sessions?.hold(options) ?? openInspectSession(options, { attention: [] }));
  const { maxTokens, padTokenId } = session.info;
  const pooling = { rule: 'sentence', cls: spec.pooling.cls } as const;
  return {
    note: modes.every((mode) => mode === 'mean')
      ? null
      : `${files.source} pools by ${modes.join(' and ')} where it searches as a baseline; here, as in curves by layer, it is pooled by the mean over the text’s tokens.`,
    model: {
      session,
      encoder: singleEncoder(tokenizer, pooling, Math.min(spec.maxLength, maxTokens), padTokenId),
      tokens: tokensBy(tokenizer),
    },
  };
}

function tokensBy(tokenizer: Awaited<ReturnType<typeof readTokenizer>>): InspectedModel['tokens'] {
  return (ids) => [...ids].map((id) => tokenizer.id_to_token(id) ?? `#${id}`);
}
