import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, ensureChromium } from './chromium.ts';

export const adapters = ['auto', 'gpu', 'software'] as const;
export type AdapterChoice = (typeof adapters)[number];

/** Flags that let a headless Chromium reach a real GPU; on Linux only through Vulkan. */
const gpuFlags = [
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  '--enable-features=Vulkan,WebGPU',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
  ...chromiumFlags.filter((flag) => !flag.startsWith('--use-webgpu-adapter')),
];

export interface OpenedBrowser {
  readonly page: Page;
  /** True when WebGPU runs on the processor, or not at all. */
  readonly software: boolean;
  /** Said once on stderr, when the cache of the last run cannot be used. */
  readonly notice?: string;
  close(): Promise<void>;
}

function isLocked(profile: string): boolean {
  // A link to no file: `existsSync` would follow it and say no.
  return lstatSync(join(profile, 'SingletonLock'), { throwIfNoEntry: false }) !== undefined;
}

/**
 * Opens a headless Chromium on a real adapter, or on the software one.
 * @param profile folder that keeps the browser's storage between runs; null for a fresh one, deleted on close.
 */
export async function openBrowser(choice: AdapterChoice, profile: string | null): Promise<OpenedBrowser> {
  const executablePath = ensureChromium();
  const locked = profile !== null && existsSync(profile) && isLocked(profile);
  const fresh = profile === null || locked;
  const folder = fresh ? mkdtempSync(join(tmpdir(), 'layerlab-')) : profile;
  mkdirSync(folder, { recursive: true });

  const launch = async (args: readonly string[]): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await chromium.launchPersistentContext(folder, {
      executablePath,
      headless: true,
      args: [...args],
      handleSIGINT: false,
    });
    return { context, page: context.pages()[0] ?? (await context.newPage()) };
  };

  let software = choice === 'software' || (choice === 'auto' && !hasGpuDevice());
  let opened = await launch(software ? chromiumFlags : gpuFlags);
  if (choice === 'auto' && !software && !(await hasRealAdapter(opened.page))) {
    await opened.context.close();
    software = true;
    opened = await launch(chromiumFlags);
  }
  const { context, page } = opened;
  return {
    page,
    software,
    notice: locked ? 'Another run uses the cache; this one starts without it and leaves none.' : undefined,
    close: async () => {
      await context.close();
      if (fresh) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether Linux knows of any GPU (Intel and AMD, NVIDIA, WSL); elsewhere only the browser can tell. */
function hasGpuDevice(): boolean {
  return (
    process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
  );
}

/** Time in which a driver must answer; a broken Vulkan driver never does. */
const adapterWaitMs = 15_000;

async function hasRealAdapter(page: Page): Promise<boolean> {
  const asked = askForAdapter(page).catch(() => false);
  const waited = new Promise<false>((resolve) => {
    setTimeout(resolve, adapterWaitMs, false).unref();
  });
  return await Promise.race([asked, waited]);
}

async function askForAdapter(page: Page): Promise<boolean> {
  // WebGPU exists on secure origins only, and this one needs no server.
  await page.goto('chrome://version');
  return await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    return adapter != null && !adapter.info.isFallbackAdapter && adapter.info.architecture !== 'swiftshader';
  });
}
