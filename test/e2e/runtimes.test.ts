import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../src/lab/formats/safetensors.ts';
import type { Report } from '../../src/lab/report/report.ts';
import { bundledCollections, bundledModels, furtherCollections } from '../../src/lab/spec/defaults.ts';
import '../support/allclose.ts';
import { lab, reportIn, scratchFolder, written } from './support/commandLine.ts';

const scratch = scratchFolder();
const steps = 20;

const spec = written(scratch, 'both.json', {
  models: { ce: { source: bundledModels.ce }, de: { source: bundledModels.de } },
  datasets: [...bundledCollections, ...furtherCollections].map((source) => ({
    source,
    queries: 4,
    documents: 16,
  })),
  layerwise: { layers: [0, 3], bootstrapSamples: 0 },
  train: [
    {
      name: 'tiny',
      data: ['bundled:foldoc'],
      negatives: 'none',
      steps,
      batchSize: 3,
      maxLength: 12,
      learningRate: 1e-3,
      saveSteps: [steps],
    },
  ],
  keep: ['checkpoints'],
});

interface Ran {
  readonly report: Report;
  readonly checkpoint: Uint8Array;
}

function run(runtime: 'node' | 'browser'): Ran {
  const out = join(scratch, runtime);
  const { status, stderr } = lab('run', spec, '--out', out, '--no-cache', '--runtime', runtime);
  expect(status, stderr.slice(-2000)).toBe(0);
  return {
    report: reportIn(out),
    checkpoint: readFileSync(join(out, `checkpoints/tiny/step-${steps}.safetensors`)),
  };
}

test('Node and the browser measure alike on all bundled collections, and train alike', () => {
  const [browser, node] = [run('browser'), run('node')];
  const figures = ({ report }: Ran): unknown =>
    report.layerwise.map(({ dataset, model, layer, metrics }) => ({ dataset, model, layer, metrics }));
  expect(node.report.layerwise).toHaveLength(12 * 2 * 2);
  expect(figures(node)).toEqual(figures(browser));
  // Where the browser has no GPU, each side has an engine of its own.
  for (const { backend, why } of Object.values(browser.report.environment.models)) {
    if (backend === 'wasm')
      expect(why).toMatch(/by the lab's own encoder, which gives what onnxruntime gives/);
  }

  const losses = ({ report }: Ran): number[] => report.training[0]!.steps.map(({ loss }) => loss);
  expect(losses(node)).toHaveLength(steps);
  expect(losses(node)).toBeAllclose(losses(browser), { atol: 1e-4 });
  const expected = readSafetensors(browser.checkpoint);
  const trained = readSafetensors(node.checkpoint);
  expect([...trained.keys()]).toEqual([...expected.keys()]);
  for (const [name, { data }] of trained) {
    expect(data, name).toBeAllclose(expected.get(name)!.data, { atol: 1e-4 });
  }
  // On one adapter every byte is the same.
  const adapters = [browser, node].map(({ report }) => /swiftshader/i.test(report.environment.adapter ?? ''));
  if (adapters.every((software) => software)) {
    expect(Buffer.from(node.checkpoint).equals(Buffer.from(browser.checkpoint))).toBe(true);
  }
});

/** Fails where two values differ in more than the last digits of their numbers. */
function expectAlike(given: unknown, expected: unknown, place: string): void {
  if (typeof expected === 'number') {
    expect(given, place).toBeTypeOf('number');
    expect([given as number], place).toBeAllclose([expected], { atol: 1e-4 });
  } else if (
    typeof expected === 'object' &&
    expected !== null &&
    typeof given === 'object' &&
    given !== null
  ) {
    expect(Object.keys(given), place).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectAlike((given as Record<string, unknown>)[key], value, `${place}.${key}`);
    }
  } else expect(given, place).toEqual(expected);
}

test('a pair of texts is inspected alike', () => {
  const inspect = (runtime: string): unknown => {
    const texts = ['--query', 'what hunts in winter?', '--document', 'A fox hunts mice below the snow.'];
    const { status, stdout, stderr } = lab(
      'inspect',
      ...texts,
      '--layer',
      '2',
      '--no-cache',
      '--runtime',
      runtime,
    );
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const browser = inspect('browser');
  expect(browser).toMatchObject({
    query: { tokens: expect.any(Array) },
    logit: expect.any(Number),
    layers: expect.any(Array),
  });
  expectAlike(inspect('node'), browser, 'inspect');
});
