import type { InferenceSession } from 'onnxruntime-web';
import { readModelConfig } from '../src/lab/models/config.ts';
import { feeds } from '../src/lab/models/feeds.ts';
import { modelInputs } from '../src/lab/models/modelInputs.ts';
import { scanModel } from '../src/lab/models/onnx/scan.ts';
import { loadRuntime } from '../src/lab/models/runtime.ts';
import { batchesOf, bundledEncoder, bundledModel, bundledTexts, modelNames } from './bundled.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';

const rounds = 11;

/** On the processor: the build without WebGPU against the one that can suspend for it. */
export async function benchRuntime(log: Log): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ['ce', 'de'] as const) {
    log(`${modelNames[kind]} on wasm, plain and asyncify build`);
    const files = await bundledModel(kind);
    const batches = batchesOf(await bundledTexts('foldoc', 256), await bundledEncoder(kind, files), 'wasm');
    const bytes = await files.bytes('onnx/model.onnx');
    const inputs = modelInputs(scanModel(bytes, 'model.onnx'), await readModelConfig(files), 'model.onnx');
    const sessions: InferenceSession[] = [];
    const sides: (() => Promise<void>)[] = [];
    for (const backend of ['wasm', 'webgpu'] as const) {
      const runtime = await loadRuntime(backend);
      const session = await runtime.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
      sessions.push(session);
      sides.push(async () => {
        for (const batch of batches) await session.run(feeds(runtime, inputs, batch, false));
      });
    }
    const [plain, asyncify] = (await interleaved(sides, rounds)) as [number[], number[]];
    for (const session of sessions) await session.release();
    rows.push({
      name: `${modelNames[kind]} on the processor, plain build`,
      ours: median(plain) * 1000,
      other: median(asyncify) * 1000,
      against: 'asyncify build',
      ratio: medianRatio(plain, asyncify),
      unit: 'ms',
    });
  }
  return rows;
}
