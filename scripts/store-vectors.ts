/**
 * `npm run store-vectors`: embeds a sample of each bundled collection with the bundled pair, from the command line,
 * and puts the vectors in half precision where the page Explore finds them. To be repeated when the pair, the
 * collections or the pooling change.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LayerVectors, layerVectors } from '../src/lab/explore/layerVectors.ts';
import { storedSample, writeStoredVectors } from '../src/lab/explore/storedVectors.ts';
import { readNpy } from '../src/lab/formats/npy.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../src/lab/models/tokenise.ts';
import type { ModelFiles, ModelKind } from '../src/lab/models/types.ts';
import { readReport } from '../src/lab/report/read.ts';
import { defaultSpec } from '../src/lab/spec/defaults.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-vectors-'));
const folder = join(root, 'public/stored/vectors');

/** One layer's rows lie beside each other in a file; the lab's vectors are text by text. */
function readVectors(dataset: string, model: ModelKind): LayerVectors {
  const layers: Float32Array[] = [];
  let rows = 0;
  let hiddenSize = 0;
  for (let layer = 0; ; layer++) {
    const path = join(scratch, 'embeddings', dataset, model, `layer-${layer}.corpus.npy`);
    if (!existsSync(path)) break;
    const { shape, data } = readNpy(readFileSync(path), path);
    [rows = 0, hiddenSize = 0] = shape;
    layers.push(data);
  }
  const pooled = new Float32Array(layers.length * rows * hiddenSize);
  for (const [layer, data] of layers.entries()) {
    for (let row = 0; row < rows; row++) {
      const vector = data.subarray(row * hiddenSize, (row + 1) * hiddenSize);
      pooled.set(vector, (row * layers.length + layer) * hiddenSize);
    }
  }
  return layerVectors(
    pooled,
    layers.map((_, layer) => layer),
    hiddenSize,
  );
}

function bundled(name: string): ModelFiles {
  const at = (path: string): string => join(root, 'public/models', name, path);
  return {
    source: `bundled:${name}`,
    has: (path) => Promise.resolve(existsSync(at(path))),
    text: (path) => Promise.resolve(readFileSync(at(path), 'utf8')),
    bytes: (path) => Promise.resolve(new Uint8Array(readFileSync(at(path)))),
  };
}

try {
  const { queries, documents, seed } = storedSample;
  const spec = {
    ...defaultSpec(queries, documents),
    seed,
    keep: ['embeddings'],
  };
  const file = join(scratch, 'spec.json');
  writeFileSync(file, JSON.stringify(spec));
  const { status } = spawnSync(
    'npx',
    ['tsx', 'bin/lab.ts', 'run', file, '--out', scratch, '--no-cache', '--runtime', 'browser'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new Error('The run that embeds the samples failed.');
  const path = join(scratch, 'report.json');
  const { environment } = readReport(readFileSync(path, 'utf8'), path);
  const { pooling, maxLength } = defaultSpec();
  const rows = {
    ce: selfPairEncoder(await readTokenizer(bundled('mini-ce')), pooling, maxLength, 0).key,
    de: singleEncoder(
      await readTokenizer(bundled('mini-de')),
      { rule: 'sentence', cls: pooling.cls },
      maxLength,
      0,
    ).key,
  };
  const hashes: Record<string, string> = {};
  mkdirSync(folder, { recursive: true });
  for (const { name, sha256 } of environment.datasets) {
    const bytes = writeStoredVectors(
      {
        collection: sha256 ?? '',
        models: { ce: environment.models.ce!.sha256, de: environment.models.de!.sha256 },
        rows,
      },
      { ce: readVectors(name, 'ce'), de: readVectors(name, 'de') },
    );
    writeFileSync(join(folder, `${name}.safetensors`), bytes);
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
  }
  writeFileSync(join(folder, 'index.json'), `${JSON.stringify(hashes, null, 2)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
