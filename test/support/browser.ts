import { type Browser, chromium } from 'playwright-core';
import { chromiumFlags, ensureChromium } from '../../bin/chromium.ts';

/** A headless Chromium with WebGPU on the software adapter; every context is a fresh profile. */
export async function launch(): Promise<Browser> {
  return await chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    args: [...chromiumFlags],
  });
}
