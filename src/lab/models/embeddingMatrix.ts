import { UserError } from '../../base/userError.ts';
import { decodeTensor, headerLength, readSafetensorsHeader } from '../formats/safetensors.ts';
import { safetensorsFiles } from './bert/safetensorsFiles.ts';
import { readOnnxEmbeddings } from './onnx/embeddings.ts';
import { scanInlined } from './onnx/inline.ts';
import type { ModelFiles } from './types.ts';

/** The rows that token ids look up, as they are before anything is added to them. */
export interface EmbeddingMatrix {
  /** Token ids that there are. */
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly data: Float32Array<ArrayBuffer>;
  /** The file that it was read from, as the model's folder has it. */
  readonly file: string;
}

/** Names of the table in transformers: BERT's and its kin's, ModernBERT's, decoders', T5's, GPT-2's. */
const tableName = /(?:^|\.)(?:word_embeddings|tok_embeddings|embed_tokens|shared|wte)\.weight$/;
/** Bytes of a first request that mostly hold the whole header. */
const firstRead = 2 ** 16;

export interface EmbeddingMatrixOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
}

/**
 * Reads a model's embedding matrix: from its safetensors by a byte range, so that nothing else is fetched; where
 * there are none, the initialiser of the ONNX file that token ids gather from, dequantised.
 * @param onnxFile of the model, for where it has no safetensors; null for none
 * @throws UserError naming the file where it has no matrix that can be read
 */
export async function readEmbeddingMatrix(
  files: ModelFiles,
  onnxFile: string | null,
  options: EmbeddingMatrixOptions = {},
): Promise<EmbeddingMatrix> {
  const paths = await safetensorsFiles(files, options.signal);
  for (const path of paths) {
    const found = await fromSafetensors(files, path, options);
    if (found) return found;
  }
  if (onnxFile !== null) {
    const file = `${files.source}/${onnxFile}`;
    const model = scanInlined(await files.bytes(onnxFile, options), file);
    return { ...(await readOnnxEmbeddings(model, files, onnxFile, options)), file: onnxFile };
  }
  throw new UserError(
    paths.length > 0
      ? 'has no table of token embeddings under a name that the lab knows (word_embeddings.weight, tok_embeddings.weight, embed_tokens.weight); use another model.'
      : 'has neither model.safetensors nor an ONNX file to read its token embeddings from; use another model.',
    { file: paths.length > 0 ? `${files.source}/${paths[0]}` : files.source },
  );
}

async function fromSafetensors(
  files: ModelFiles,
  path: string,
  { signal, onProgress }: EmbeddingMatrixOptions,
): Promise<EmbeddingMatrix | null> {
  const file = `${files.source}/${path}`;
  const read = (begin: number, end: number, told = onProgress): Promise<Uint8Array<ArrayBuffer>> =>
    files.bytes(path, { range: [begin, end], signal, onProgress: told });
  let head = await read(0, firstRead, undefined);
  const whole = head.length < 8 ? 0 : 8 + headerLength(head);
  if (whole > head.length) head = await read(0, whole, undefined);
  const { tensors } = readSafetensorsHeader(head, file);
  const [name, entry] =
    [...tensors].find(([one, { shape }]) => tableName.test(one) && shape.length === 2) ?? [];
  if (name === undefined || entry === undefined) return null;
  const bytes = await read(entry.begin, entry.end);
  if (bytes.length < entry.end - entry.begin) {
    throw new UserError('is cut off; download or save it again.', { file });
  }
  const [rows = 0, columns = 0] = entry.shape;
  return { rows, columns, data: decodeTensor(bytes, entry, name, file).data, file: path };
}
