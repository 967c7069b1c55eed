import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { boundedRuns } from './scripts/boundedRuns.ts';
import { offline } from './scripts/offlineFiles.ts';
import { wasmKernels } from './scripts/wasmKernels.ts';

/** Threads of WASM need a cross-origin isolated page; every server of ours sends these. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * What the page may load and run. Where it may send requests depends on the hub that is set, so
 * src/app/policy.ts narrows `connect-src` when the page starts.
 * Only the built page carries the policy: Vite's dev server injects inline scripts.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data: http: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');

function policy(): Plugin {
  return {
    name: 'layerlab-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/**
 * The runtime's own condition for files that are given by URL. Otherwise its glue is bundled into the
 * lab's worker, and each of its threads would start that worker again instead of the glue.
 */
export const runtimeConditions = ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions];

export default defineConfig({
  base: './',
  // Not one page with routes in its path: a path that is no file must answer 404, not the page.
  appType: 'mpa',
  resolve: { conditions: runtimeConditions },
  plugins: [react(), policy(), offline(), boundedRuns(), wasmKernels()],
  worker: { format: 'es', plugins: () => [boundedRuns(), wasmKernels()] },
  // Plugins see only what Vite loads itself.
  ssr: { noExternal: ['hyparquet'] },
  // The runtime finds its .wasm beside its own module; pre-bundling would move it.
  optimizeDeps: { exclude: ['onnxruntime-web', '@huggingface/transformers', 'hyparquet'] },
  build: { target: 'esnext', sourcemap: true, chunkSizeWarningLimit: 2000 },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
});
