import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canAptInstall, findCommand } from '../bin/aptInstall.ts';

/** What it takes to drive WebKit: its driver, its browser, and a screen that nobody sees where there is none. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly screen: string | undefined;
}

/** Path of Firefox, or undefined: `FIREFOX_PATH`, or one on the PATH. */
export function findFirefox(): string | undefined {
  return process.env.FIREFOX_PATH || findCommand(['firefox-esr', 'firefox']);
}

/** Debian keeps WebKitGTK's own small browser beside the library, in a folder named after its version. */
function findMiniBrowser(): string | undefined {
  for (const libraries of ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']) {
    if (!existsSync(libraries)) continue;
    for (const name of readdirSync(libraries).filter((entry) => entry.startsWith('webkit'))) {
      const browser = join(libraries, name, 'MiniBrowser');
      if (existsSync(browser)) return browser;
    }
  }
  return undefined;
}

/** undefined where one of the programs is missing. */
export function findWebKit(): WebKitPrograms | undefined {
  const driver = findCommand(['WebKitWebDriver']);
  const browser = findMiniBrowser();
  const screen = findCommand(['Xvfb']);
  if (!driver || !browser || !(screen || process.env.DISPLAY)) return undefined;
  return { driver, browser, screen };
}

/**
 * Finds Firefox and WebKit, or installs them where this is root on Debian. The lab is tested without those that
 * are not to be had.
 */
export function ensureOtherBrowsers(): void {
  const wanted = [
    { name: 'Firefox', find: findFirefox, packages: ['firefox-esr'] },
    { name: 'WebKit', find: findWebKit, packages: ['webkit2gtk-driver', 'xvfb'] },
  ];
  for (const { name, find, packages } of wanted) {
    if (find()) continue;
    if (canAptInstall()) {
      console.log(`No ${name} here; installing ${packages.join(' and ')} with apt-get.`);
      aptInstall(packages, { recommended: false });
    }
    if (!find()) console.log(`No ${name} here: the lab is not tested in it (${packages.join(', ')}).`);
  }
}
