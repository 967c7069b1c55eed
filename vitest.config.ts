import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from './bin/chromium.ts';
import { boundedRuns } from './scripts/boundedRuns.ts';
import { wasmKernels } from './scripts/wasmKernels.ts';
import { isolationHeaders, runtimeConditions } from './vite.config.ts';

/** Limits catch what hangs: work that takes a minute on an idle machine takes ten on a busy one. */
const minutes = 60_000;

/**
 * Three suites: `unit` in Node, `gpu` in real Chromium with a software WebGPU adapter (kernels, model
 * sessions, the browser's file system), `e2e` drives the built page from Node. On demand, `node-gpu` runs
 * the kernels' tests in Node, on a server's own GPU where it has one, and `real` reads published collections
 * that are not ours to ship, in the folder that LAYERLAB_DATA names.
 */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [boundedRuns(), wasmKernels()],
        test: {
          name: 'unit',
          environment: 'node',
          server: { deps: { inline: ['hyparquet'] } },
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        plugins: [boundedRuns(), wasmKernels()],
        resolve: { conditions: runtimeConditions },
        server: { headers: isolationHeaders },
        optimizeDeps: {
          exclude: ['onnxruntime-web', '@huggingface/transformers'],
          // One that is found while tests run reloads the file that is running.
          include: [
            '@huggingface/tokenizers',
            '@noble/hashes/legacy.js',
            '@noble/hashes/sha2.js',
            '@noble/hashes/utils.js',
            'comlink',
            'idb-keyval',
            'pure-rand/distribution/uniformFloat32',
            'pure-rand/distribution/uniformFloat64',
            'pure-rand/distribution/uniformInt',
            'pure-rand/generator/xoroshiro128plus',
            'workbox-window',
            'zod',
            'zustand',
          ],
        },
        test: {
          name: 'gpu',
          include: ['test/gpu/**/*.test.ts'],
          globalSetup: 'test/support/hub/setup.ts',
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: [...chromiumFlags] },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'node-gpu',
          environment: 'node',
          include: [
            'test/gpu/deviceSession.test.ts',
            'test/gpu/kernels/**/*.test.ts',
            'test/gpu/training/{autotune,contrastiveLoss,optimiser,trainer}.test.ts',
          ],
          setupFiles: 'test/support/nodeGpu.ts',
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/setup.ts',
          testTimeout: 60 * minutes,
          hookTimeout: 10 * minutes,
          expect: { poll: { timeout: 2 * minutes } },
          // One worker for all files, so that they share one browser.
          fileParallelism: false,
          isolate: false,
        },
      },
      {
        test: {
          name: 'real',
          environment: 'node',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 60 * minutes,
          hookTimeout: 10 * minutes,
          fileParallelism: false,
        },
      },
    ],
  },
});
