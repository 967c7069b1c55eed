import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Weights } from '../models/bert/weightFile.ts';
import type { TrainingIdentity } from './keptTraining.ts';
import type { TrainingSet } from './trainingSet.ts';

/**
 * Names a run by all that decides its weights: runs of one key come to the same bits, whatever they are
 * called and wherever their models and pairs lay.
 * @param device the adapter and how kernels are laid out on it; another one rounds otherwise
 */
export function runKey({ train, spec, initial, set, teacher }: TrainingIdentity, device: string): string {
  const { name: _, data: __, saveSteps: ___, evaluateEvery: ____, teacher: _____, ...decides } = train;
  const all = [decides, spec.seed, initial.shape, digestOfWeights(initial.weights), digestOfSet(set), device];
  if (teacher !== undefined) all.push(teacher);
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(all)))).slice(0, 32);
}

function digestOfSet({ texts, examples }: TrainingSet): string {
  const hash = sha256.create();
  // Lengths keep neighbours apart: two texts are not one.
  for (const text of texts) hash.update(utf8ToBytes(`${text.length} ${text}`));
  for (const { query, positives, negatives } of examples) {
    const numbers = Int32Array.of(query, positives.length, ...positives, negatives.length, ...negatives);
    hash.update(new Uint8Array(numbers.buffer));
  }
  return bytesToHex(hash.digest());
}

function digestOfWeights(weights: Weights): string {
  const hash = sha256.create();
  for (const [name, { shape, data }] of weights) {
    hash.update(utf8ToBytes(`${name} [${shape.join()}]`));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return bytesToHex(hash.digest());
}
