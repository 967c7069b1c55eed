/**
 * `npm run bench:large [-- models | collections [SIZE ...]]`: what a tab does with models of around 2 GB, as one graph, as
 * a graph with its weights beside it, and as weights that a graph is built of, and with collections of a million lines
 * and more: whether it runs, what it says where not, and the renderer's peak. Memory is read from Linux' /proc. It takes
 * some 10 GB of memory and of the disk.
 */
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EncoderShape, parameterShapes } from '../src/base/bertShape.ts';
import { writeSafetensors } from '../src/lab/formats/safetensors.ts';
import { buildGraph } from '../src/lab/models/build/buildGraph.ts';
import { readModelConfig } from '../src/lab/models/config.ts';
import type { ModelFiles } from '../src/lab/models/types.ts';
import { withExternalData } from '../test/support/externalData.ts';
import { type BrowserRun, browserRun } from './browserRun.ts';
import { writeCollection } from './madeCollection.ts';

const bundled = fileURLToPath(new URL('../public/models/mini-de/', import.meta.url));

/** A BERT of about so many bytes in float32: 4 layers of BERT-large, and a vocabulary as large as it takes. */
function shapeOf(bytes: number): EncoderShape {
  const shape = { hidden: 1024, layers: 4, heads: 16, intermediate: 4096, positions: 64, types: 2 };
  const perLayer = 4 * shape.hidden ** 2 + 2 * shape.hidden * shape.intermediate;
  const vocabulary = Math.round((bytes / 4 - shape.layers * perLayer) / shape.hidden);
  return { ...shape, vocabulary, epsilon: 1e-12 };
}

function weightsOf(shape: EncoderShape): Uint8Array<ArrayBuffer> {
  const tensors = new Map(
    parameterShapes(shape).map(({ name, shape: dims }) => {
      const data = new Float32Array(dims.reduce((product, length) => product * length, 1));
      // Small values without a pattern: what is computed of them is no matter.
      for (let i = 0, x = 1; i < data.length; i++) {
        x = (x * 16807) % 2147483647;
        data[i] = name.includes('LayerNorm.weight') ? 1 : (x / 2147483647 - 0.5) / 16;
      }
      return [name, { shape: dims, data }] as const;
    }),
  );
  return writeSafetensors(tensors);
}

/** Node writes less than 2 GB at once. */
function writeLarge(path: string, bytes: Uint8Array): void {
  writeFileSync(path, '');
  for (let from = 0; from < bytes.length; from += 2 ** 30)
    appendFileSync(path, bytes.subarray(from, from + 2 ** 30));
}

type Form = 'one graph' | 'weights beside' | 'weights alone';

/** Writes a model folder in the hub's layout. @returns bytes of its weights */
async function writeModel(folder: string, bytes: number, form: Form): Promise<number> {
  const shape = shapeOf(bytes);
  const config = JSON.stringify({
    architectures: ['BertModel'],
    model_type: 'bert',
    vocab_size: shape.vocabulary,
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    intermediate_size: shape.intermediate,
    max_position_embeddings: shape.positions,
    type_vocab_size: shape.types,
    layer_norm_eps: shape.epsilon,
    hidden_act: 'gelu',
    pad_token_id: 0,
  });
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'config.json'), config);
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(bundled + name, join(folder, name));
  const weights = weightsOf(shape);
  if (form === 'weights alone') {
    writeLarge(join(folder, 'model.safetensors'), weights);
    return weights.length;
  }
  const files: ModelFiles = {
    source: 'bench:large',
    has: (path) => Promise.resolve(path === 'config.json' || path === 'model.safetensors'),
    text: () => Promise.resolve(config),
    bytes: (_, { range } = {}) => Promise.resolve(weights.subarray(...(range ?? []))),
  };
  const graph = await buildGraph(files, await readModelConfig(files));
  if (form === 'one graph') {
    writeLarge(join(folder, 'onnx/model.onnx'), graph);
    return graph.length;
  }
  const apart = withExternalData(graph, 'model.onnx_data');
  writeFileSync(join(folder, 'onnx/model.onnx'), apart.graph);
  writeLarge(join(folder, 'onnx/model.onnx_data'), apart.data);
  return apart.data.length;
}

function told({ report, last, seconds, peak }: BrowserRun): string {
  return `${report ? 'ran' : `did not run: ${last}`} (${seconds.toFixed(0)} s, renderer's peak ${peak.toFixed(0)} MB)`;
}

async function inScratch(work: (folder: string) => Promise<string>): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'layerlab-large-'));
  try {
    mkdirSync(join(scratch, 'models'));
    mkdirSync(join(scratch, 'data'));
    console.log(await work(scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const ce = { source: 'bundled:mini-ce' };

async function models(sizes: readonly number[]): Promise<void> {
  for (const form of ['one graph', 'weights beside', 'weights alone'] as const) {
    for (const size of sizes) {
      await inScratch(async (folder) => {
        const bytes = await writeModel(join(folder, 'models/large'), size, form);
        const run = await browserRun(folder, {
          models: { ce, de: { source: 'local:large', dtype: 'fp32' } },
          datasets: [{ source: 'bundled:debian-packages', queries: 2, documents: 4 }],
        });
        return `${form}, ${(bytes / 1e9).toFixed(2)} GB: ${told(run)}`;
      });
    }
  }
}

async function collections(sizes: readonly number[]): Promise<void> {
  for (const documents of sizes) {
    await inScratch(async (folder) => {
      await writeCollection(join(folder, 'data/made'), { documents, queries: 100, words: 50 });
      const run = await browserRun(folder, {
        models: { ce, de: { source: 'bundled:mini-de' } },
        datasets: [{ source: 'local:made', queries: 100, documents: 1000 }],
      });
      return `${documents.toLocaleString('en')} lines of 50 words: ${told(run)}`;
    });
  }
}

const [what, ...given] = process.argv.slice(2);
const sizes = (usual: readonly number[]): readonly number[] => (given.length > 0 ? given.map(Number) : usual);
if (what !== 'collections') await models(sizes([1.2e9, 1.6e9, 2e9, 2.1e9, 2.6e9]));
if (what !== 'models') await collections(sizes([1_000_000, 4_000_000, 8_000_000]));
