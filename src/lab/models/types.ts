/** WebAssembly is the processor in a browser, `cpu` the processor without one; CUDA there is only without one. */
export type Backend = 'webgpu' | 'cuda' | 'wasm' | 'cpu';
/** What runs beside the processor. */
export type Accelerator = Extract<Backend, 'webgpu' | 'cuda'>;

export function isAccelerator(backend: string): backend is Accelerator {
  return backend === 'webgpu' || backend === 'cuda';
}

export type ModelKind = 'ce' | 'de';

/**
 * The files of one model, wherever they lie. Paths are as in the hub's layout
 * (`config.json`, `onnx/model.onnx`, ...).
 */
export interface ModelFiles {
  /** The source as in a spec, a hub revision resolved to its commit. */
  readonly source: string;
  has(path: string): Promise<boolean>;
  /** Paths of all files; null where they cannot be listed. */
  list?(): Promise<readonly string[] | null>;
  /** Bytes of a file; null where they are not known before it is read. */
  size?(path: string): Promise<number | null>;
  /** @throws UserError naming the file when it is missing. */
  text(path: string, signal?: AbortSignal): Promise<string>;
  /** `range` is [first byte, byte past the last]. @throws UserError naming the file when it is missing. */
  bytes(
    path: string,
    options?: {
      readonly range?: readonly [number, number];
      readonly signal?: AbortSignal;
      readonly onProgress?: (loaded: number, total: number | undefined) => void;
    },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** One batch of token rows, padded to `tokens`. All arrays are [rows, tokens], row-major. */
export interface TokenBatch {
  readonly rows: number;
  readonly tokens: number;
  readonly inputIds: BigInt64Array<ArrayBuffer>;
  readonly attentionMask: BigInt64Array<ArrayBuffer>;
  readonly tokenTypeIds: BigInt64Array<ArrayBuffer>;
  /** Pooling weights; each row sums to 1. */
  readonly poolWeights: Float32Array<ArrayBuffer>;
}

/** What a check of WebGPU against WebAssembly came to. */
export interface BackendCheck {
  /** What the model then runs on where the choice is free. */
  readonly backend: Backend;
  /** Whether WebGPU, or CUDA, gave what the processor gives. */
  readonly agrees: boolean;
  /** The largest distance between two vectors by the length of the processor's; null where the other gave none. */
  readonly difference: number | null;
  /**
   * For the eight texts, the fastest of a few runs; null where there was none. `webgpu` is also CUDA's, `wasm` the
   * processor's.
   */
  readonly seconds: { readonly webgpu: number | null; readonly wasm: number | null };
  readonly sentence: string;
}

/** What a check of the lab's own kernels against onnxruntime came to, both on WebAssembly. */
export interface KernelCheck {
  readonly agrees: boolean;
  /** The largest distance between two vectors by the length of onnxruntime's; null where the kernels gave none. */
  readonly difference: number | null;
  /** Which of the two runs the model, and why. */
  readonly sentence: string;
}

/** What a session is, for the page and the report's `environment`. */
export interface SessionInfo {
  readonly source: string;
  /** SHA-256 of the weights file, hex; identifies the model in caches and reports. */
  readonly sha256: string;
  readonly file: string;
  readonly kind: ModelKind;
  readonly architecture: string;
  /** Encoder layers L; there are L + 1 hidden states. */
  readonly layers: number;
  readonly hiddenSize: number;
  /** Position limit of the model, in tokens. */
  readonly maxTokens: number;
  readonly padTokenId: number;
  /** Outputs of the classifier head, null where there is none: the model is a DE. */
  readonly labels: number | null;
  /** Size of the weights file. */
  readonly bytes: number;
  /** Weights of the graph that is run; for a graph that is cut, what is left of it. */
  readonly parameters: number;
  /** What runs it; `typescript` where no graph is run. */
  readonly backend: Backend | 'typescript';
  /** Set where a text costs its own tokens alone, whatever batch it is in. */
  readonly unpadded?: true;
  /** In words, how a DE's own configuration reads a text, or what a CE ranks by; none for layers. */
  readonly reading?: string;
  /** One sentence: why this backend. */
  readonly why: string;
  /** What a check of the backends came to, where there was one. */
  readonly check?: BackendCheck;
  readonly threads: number;
}

/** A model whose hidden states of every asked layer come out of one run, already pooled. */
export interface LayerSession {
  readonly info: SessionInfo;
  /** The layer indices that `pooled` gives, ascending. */
  readonly layers: readonly number[];
  /** @returns [rows, layers.length, hiddenSize] float32, row-major. */
  pooled(batch: TokenBatch): Promise<Float32Array<ArrayBuffer>>;
  dispose(): Promise<void>;
}

/** The model as it is in its file. */
export interface PlainSession {
  readonly info: SessionInfo;
  readonly outputs: readonly string[];
  run(
    batch: TokenBatch,
  ): Promise<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
  dispose(): Promise<void>;
}

/** Whether attention can be had, and of which layers; where not, why, as half a sentence. */
export type AttentionAccess =
  | { readonly given: true; readonly layers: readonly number[] }
  | { readonly given: false; readonly why: string };

/** What one run of an {@link InspectSession} gives. B rows, T tokens, C `hiddenSize`; all row-major float32. */
export interface Inspection {
  /** (B, layers, T, C): the hidden state of each token, layers in the order of `layers`. Of padding, whatever it is. */
  readonly states: Float32Array<ArrayBuffer>;
  /** (B, layers, C): the same pooled by the batch's weights. */
  readonly pooled: Float32Array<ArrayBuffer>;
  /**
   * One (B, heads, T, T) an entry of `attention.layers`: the softmax's output, by query token and then by key
   * token, so that the last axis sums to 1. Empty where attention is not given. Rows of padding are whatever they are.
   */
  readonly attention: readonly Float32Array<ArrayBuffer>[];
  readonly heads: number;
  /** (B, labels) of a classifier head, as it gives them (no activation); null for a model without one. */
  readonly logits: Float32Array<ArrayBuffer> | null;
}

/**
 * A model that shows what is inside: for a few texts at a time, since all of it leaves the device. What is pooled can
 * be had alone, as of any other.
 */
export interface InspectSession extends LayerSession {
  /** Its layers count from 1, as the states that they lead to: attention of layer k makes state k. */
  readonly attention: AttentionAccess;
  inspect(batch: TokenBatch): Promise<Inspection>;
}

/** The token ids of one text as the model reads it, specials included, and its pooling weights. */
export interface EncodedText {
  readonly inputIds: Int32Array<ArrayBuffer>;
  readonly tokenTypeIds: Uint8Array<ArrayBuffer>;
  /** What each token counts in the mean: 1 for one that is pooled, or its weight; else 0. */
  readonly pool: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  /** Set where every token weighs 0, so that those to be pooled count alike. */
  readonly weightless?: true;
  /** Where each text's own tokens stand, [from, to), in the order of the row; of a self pair both copies. */
  readonly spans: readonly (readonly [number, number])[];
  /** A text's tokens before it was cut, specials left out, and how many of those the vocabulary knows. */
  readonly content?: { readonly tokens: number; readonly known: number };
}

export interface RowEncoder {
  /** Identifies tokeniser, pooling and length in cache keys. */
  readonly key: string;
  readonly padTokenId: number;
  /** What `encode` puts before every text; a text's name in a cache has it too. */
  readonly prompt?: string;
  encode(text: string): EncodedText;
}
