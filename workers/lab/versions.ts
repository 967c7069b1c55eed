import { dependencies } from '../../package.json';

/** Versions of what computes, for a report's environment; package.json pins them exactly. */
export const versions: Readonly<Record<string, string>> = {
  'onnxruntime-web': dependencies['onnxruntime-web'],
  '@huggingface/tokenizers': dependencies['@huggingface/tokenizers'],
};
