import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from './bin/chromium.ts';
import { isolationHeaders, runtimeConditions } from './vite.config.ts';

/**
 * Three suites: `unit` in Node, `gpu` in real Chromium with a software WebGPU adapter (kernels, model
 * sessions, the browser's file system), `e2e` drives the built page from Node. On demand, `node-gpu` runs
 * the kernels' tests in Node, on a server's own GPU where it has one.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.ts'] } },
      {
        resolve: { conditions: runtimeConditions },
        server: { headers: isolationHeaders, fs: { allow: ['.', '../shared'] } },
        optimizeDeps: { exclude: ['onnxruntime-web', '@huggingface/transformers'] },
        test: {
          name: 'gpu',
          include: ['test/gpu/**/*.test.ts'],
          globalSetup: 'test/support/hub/setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
            'test/gpu/kernels/**/*.test.ts',
            'test/gpu/training/{contrastive,optimiser,trainer,tune}.test.ts',
          ],
          setupFiles: 'test/support/nodeGpu.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/setup.ts',
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
