import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Embedder, Round, Workload } from './embedder.ts';

const script = fileURLToPath(new URL('./sentenceTransformers.py', import.meta.url));

/** As sentence-transformers has it where nothing is said. */
const batchSize = 32;

/**
 * Opens a model in sentence-transformers.
 * @param python an interpreter that has it
 * @param folder the model's, with its weights in model.safetensors
 * @throws Error with what Python said last, where it ends before its answer
 */
export async function openSentenceTransformers(
  python: string,
  folder: string,
  threads: number,
  { kind, texts, lastLayer, maxLength }: Workload,
): Promise<Embedder> {
  const child = spawn(python, [script, folder], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error', TQDM_DISABLE: '1' },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-4000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${python} ended: ${said.trim().split('\n').at(-1) ?? ''}`)));
  });
  // Where nobody waits for an answer, nobody is told.
  ended.catch(() => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const { value } = await Promise.race([lines.next(), ended]);
    return String(value);
  };
  await ask(
    JSON.stringify({
      texts: kind === 'ce' ? texts.map((text) => [text, text]) : texts,
      threads,
      batchSize,
      maxLength,
      layers: lastLayer,
    }),
  );
  return {
    round: async () => JSON.parse(await ask('')) as Round,
    dispose: async () => {
      child.kill();
    },
  };
}
