import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { aptInstall, canAptInstall, findCommand } from './aptInstall.ts';

/**
 * Flags for a headless Chromium with WebGPU on SwiftShader where there is no GPU.
 * Without `--enable-unsafe-webgpu` the adapter is null there.
 */
export const chromiumFlags = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const;

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a full Chromium, or undefined: `CHROMIUM_PATH`, one on the PATH, or Playwright's own download. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  const found = findCommand(commands);
  if (found) return found;
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

/**
 * Finds Chromium or installs it: `apt-get` where this is root on Debian, else Playwright's own download.
 * @throws Error with one sentence that says what to do, when neither works.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) {
    if (!existsSync(found)) {
      throw new Error(`CHROMIUM_PATH names ${found}, where there is no file; correct it or unset it.`);
    }
    return found;
  }
  if (canAptInstall()) {
    console.error('No Chromium here; installing it with apt-get.');
    aptInstall(['chromium']);
  } else {
    console.error("No Chromium here; downloading Playwright's own.");
    spawnSync('npx', ['playwright-core', 'install', 'chromium', '--no-shell'], { stdio: 'inherit' });
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium was found and none could be installed; install Chromium or Chrome and set CHROMIUM_PATH to its executable.',
  );
}

/** The version of this package's browser driver, for the environment block of a report. */
export function driverVersion(): string {
  const text = readFileSync(new URL('../node_modules/playwright-core/package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
