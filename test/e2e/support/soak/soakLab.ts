import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, ensureChromium } from '../../../../bin/chromium.ts';
import { serve } from '../../../../bin/serve.ts';
import type { Report } from '../../../../src/lab/report/report.ts';
import { killTab, openTab, savedReport } from '../killedTab.ts';

/** Where a run is started, and by which button. */
export interface SoakRun {
  readonly name: string;
  /** Address behind the page's own. */
  readonly hash: string;
  readonly button: string;
}

/** Only catches hangs. */
const answerMs = 300_000;

/** The built page in a browser that can be hurt: host, network, processes and storage. */
export class SoakLab {
  readonly #browser: Browser;
  readonly #server: Awaited<ReturnType<typeof serve>>;
  readonly #host: { cut: boolean };
  #context: BrowserContext | null = null;
  #page: Page | null = null;
  #run: SoakRun | null = null;

  private constructor(browser: Browser, server: Awaited<ReturnType<typeof serve>>, host: { cut: boolean }) {
    this.#browser = browser;
    this.#server = server;
    this.#host = host;
  }

  static async open(): Promise<SoakLab> {
    const host = { cut: false };
    const server = await serve({
      plugins: [
        {
          name: 'layerlab-cut',
          configurePreviewServer({ middlewares }) {
            middlewares.use((request, _, next) => {
              if (host.cut) request.socket.destroy();
              else next();
            });
          },
        },
      ],
    });
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      // A GPU process that dies often is not given up.
      args: [...chromiumFlags, '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
    });
    return new SoakLab(browser, server, host);
  }

  get page(): Page {
    if (!this.#page) throw new Error('No page is open.');
    return this.#page;
  }

  get origin(): string {
    return new URL(this.#server.url).origin;
  }

  /** Starts a run in a fresh profile. */
  async begin(run: SoakRun): Promise<void> {
    await this.#context?.close();
    this.#page = null;
    this.#run = run;
    this.#context = await this.#browser.newContext({ acceptDownloads: true });
    this.#context.setDefaultTimeout(answerMs);
    await this.openTab();
    await this.goOn();
  }

  /** A new tab in the same profile, in place of the one before. */
  async openTab(): Promise<void> {
    if (!this.#context || !this.#run) throw new Error('No run has begun.');
    await this.#page?.close();
    this.#page = await openTab(this.#context, `${this.#server.url}${this.#run.hash}`);
  }

  /** As a visitor would: presses what goes on with the run, or what starts it. @returns what was pressed */
  async goOn(): Promise<string> {
    const { page } = this;
    const button = this.#run?.button ?? '';
    const named = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
    const cancel = named(/^(Cancel|Cancelling…)$/).first();
    const start = named(button);
    await cancel.or(start).first().waitFor();
    if (await cancel.isVisible()) return 'nothing, it goes on';
    if (await this.ended()) return 'nothing, it has ended';
    // What an earlier visit has left is read after the page is drawn.
    const goOn = page.getByRole('button', { name: /^Continue/ }).first();
    await goOn.waitFor({ timeout: 3000 }).catch(() => {});
    if (await goOn.isVisible()) {
      const said = (await goOn.innerText()).trim();
      await goOn.click();
      return said;
    }
    await start.click();
    return button;
  }

  /** Whether the run has come to its end. */
  async ended(): Promise<boolean> {
    return await this.page
      .locator('.run-panel')
      .getByText(/^Done in /)
      .isVisible();
  }

  /** Whether neither the run goes on nor has it ended: something stopped it. */
  async stopped(): Promise<string | null> {
    const panel = this.page.locator('.run-panel');
    const said = panel.getByText(/^(The run stopped|Cancelled)/).first();
    if (!(await said.isVisible())) return null;
    return (await this.page.getByRole('alert').allInnerTexts()).join(' ') || (await said.innerText());
  }

  report(): Promise<Report> {
    return savedReport(this.page);
  }

  async killTab(): Promise<void> {
    await killTab(this.page);
    await this.openTab();
  }

  /** Kills the process that holds all devices; Chromium starts another one. */
  async killGpu(): Promise<void> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    for (const { type, id } of processInfo) if (type === 'GPU') process.kill(id, 'SIGKILL');
  }

  /** Whether the host answers. */
  cut(off: boolean): void {
    this.#host.cut = off;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
