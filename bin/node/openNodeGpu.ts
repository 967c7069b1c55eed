import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { findChromium } from '../chromium.ts';

/** Linux's flag for a library that stays loaded. */
const keepLoaded = 0x1000;

/** Where Chromium and Chrome keep a Vulkan loader and a driver that runs on the processor. */
function chromiumFolders(): string[] {
  const found = findChromium();
  return [
    ...(found ? [dirname(realpathSync(found))] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
}

function inChromium(file: string): string | undefined {
  return chromiumFolders()
    .map((folder) => join(folder, file))
    .find((path) => existsSync(path));
}

/** @returns whether it is loaded now */
function load(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | keepLoaded);
    return true;
  } catch (error) {
    // Node objects to every library that is no module of its own, when it is loaded by then.
    return error instanceof Error && error.message.includes('did not self-register');
  }
}

const loaderName = 'libvulkan.so.1';

/** Loads Chromium's Vulkan loader, which Dawn then finds by its name, where the system has none of its own. */
function lendLoader(): void {
  if (process.platform !== 'linux' || ownParts().loader) return;
  const loader = inChromium(loaderName);
  if (loader) load(loader);
}

/** Whether Vulkan would find a driver; without one Dawn would complain on stderr. */
function hasDriver(): boolean {
  if (process.platform !== 'linux' || process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES)
    return true;
  return ['/etc', '/usr/share', '/usr/local/share', '/usr/local/etc'].some((folder) => {
    const list = join(folder, 'vulkan/icd.d');
    return existsSync(list) && readdirSync(list).some((name) => name.endsWith('.json'));
  });
}

let own: { readonly loader: boolean; readonly driver: boolean } | null = null;

/** What of Vulkan the system has of its own; asked before anything is lent. */
function ownParts(): { readonly loader: boolean; readonly driver: boolean } {
  own ??= { loader: load(loaderName), driver: hasDriver() };
  return own;
}

/** What of a GPU's way to Node this machine lacks, in a sentence. */
export function whatLacks(): string {
  if (process.platform !== 'linux') return 'this machine has no adapter but a software one.';
  const { loader, driver } = ownParts();
  const lacks = [
    loader ? [] : ["Vulkan's loader (libvulkan1 on Debian)"],
    driver
      ? []
      : [
          "the GPU's Vulkan driver (mesa-vulkan-drivers, or NVIDIA's own, with a file below /usr/share/vulkan/icd.d)",
        ],
  ].flat();
  return lacks.length > 0
    ? `this machine lacks ${lacks.join(' and ')}.`
    : 'a loader and a driver are there, but no GPU answers; look at what vulkaninfo says.';
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
      `The package "webgpu" does not run on ${process.platform} ${process.arch} with Node ${process.versions.node} (${why}); run npm ci, or use a browser.`,
    );
  }
  Object.assign(globalThis, dawn.globals);
  lendLoader();
  ownParts();
  if (hasDriver()) {
    const gpu = dawn.create([]);
    if (await gpu.requestAdapter()) return gpu;
  }
  const driver = process.env.VK_ICD_FILENAMES ? undefined : inChromium('vk_swiftshader_icd.json');
  if (driver) {
    process.env.VK_ICD_FILENAMES = driver;
    const software = dawn.create([]);
    if (await software.requestAdapter()) return software;
  }
  throw new Error(
    `No GPU driver answers in Node: ${whatLacks()} Chromium has both a loader and a software driver.`,
  );
}
