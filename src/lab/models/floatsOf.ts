import type { Tensor } from 'onnxruntime-web';
import { halvesToFloats } from '../formats/half.ts';

/** An output's numbers; null for one that is neither float32 nor float16. */
export function floatsOf({ type, data }: Tensor): Float32Array<ArrayBuffer> | null {
  if (data instanceof Float32Array) return data as Float32Array<ArrayBuffer>;
  if (type !== 'float16' || !ArrayBuffer.isView(data)) return null;
  // The runtime's view is of Float16Array where the browser has it, else of Uint16Array; the bits are the same.
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return halvesToFloats(bits);
}
