/** `npm run screenshot [-- FILE]`: the README's picture, of the page as it opens. */
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';

const file = process.argv[2] ?? fileURLToPath(new URL('../docs/lab.png', import.meta.url));
await buildIfStale();
const server = await serve();
const { page, close } = await openBrowser('software', null);
await page.setViewportSize({ width: 1280, height: 1060 });
await page.goto(server.url);
await page.locator('.figure svg.recharts-surface').first().waitFor();
await page.getByText(/^A sample of [\d,]+ texts/).waitFor();
await page.screenshot({ path: file });
await close();
await server.close();
