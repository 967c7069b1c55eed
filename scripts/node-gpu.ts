import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findChromium } from '../bin/chromium.ts';

/** Where Chromium and Chrome keep a Vulkan driver that runs on the processor. */
function softwareDriver(): string | undefined {
  const found = findChromium();
  const folders = [
    ...(found ? [dirname(realpathSync(found))] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path));
}

/**
 * WebGPU in Node, by the npm package `webgpu` (Dawn): on the server's own Vulkan, Metal or Direct3D driver, or
 * without one on the software driver of an installed Chromium. Defines WebGPU's globals, `GPUBufferUsage` and
 * so on, which kernels' code takes from there.
 * @throws Error with one sentence that says what to do, where the package does not run or there is no driver
 */
export async function openNodeGpu(): Promise<GPU> {
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(
      `The package "webgpu" does not run on ${process.platform} ${process.arch} with Node ${process.versions.node} (${why}); run npm ci, or measure in a browser.`,
    );
  }
  Object.assign(globalThis, dawn.globals);
  const own = dawn.create([]);
  if (await own.requestAdapter()) return own;
  const driver = process.env.VK_ICD_FILENAMES ? undefined : softwareDriver();
  if (driver) {
    process.env.VK_ICD_FILENAMES = driver;
    const software = dawn.create([]);
    if (await software.requestAdapter()) return software;
  }
  throw new Error(
    "No GPU driver answers in Node; install one with Vulkan's loader (libvulkan1 on Debian), or set LD_LIBRARY_PATH to the folder of a Chromium, which has both a loader and a software driver.",
  );
}
