import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import type { WebKitPrograms } from '../../../scripts/otherBrowsers.ts';
import { type Program, startProgram, tried } from './program.ts';
import type { Visitor } from './visitor.ts';
import { sendByHttp, webDriverVisitor } from './webDriver.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (!address || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

/** A screen in memory, whose number the program chooses and says. */
async function startScreen(command: string): Promise<{ program: Program; display: string }> {
  const program = startProgram(command, [
    '-displayfd',
    '3',
    '-screen',
    '0',
    '1280x1024x24',
    '-nolisten',
    'tcp',
  ]);
  const said = program.process.stdio[3] as Readable;
  const number = await Promise.race([
    once(said, 'data').then(([data]) => String(data).trim()),
    once(program.process, 'exit').then(() => ''),
  ]);
  program.check();
  return { program, display: `:${number}` };
}

/** WebKitGTK's small browser. Driven, it opens as a private window: what it stores ends with it. */
export async function startWebKit({ driver, browser, screen }: WebKitPrograms): Promise<Visitor> {
  const started: Program[] = [];
  const close = async (): Promise<void> => {
    for (const program of started.reverse()) await program.end();
  };
  try {
    let display = process.env.DISPLAY;
    if (screen) {
      const opened = await startScreen(screen);
      started.push(opened.program);
      display = opened.display;
    }
    const port = await freePort();
    const program = startProgram(driver, [`--port=${port}`], { env: { DISPLAY: display } });
    started.push(program);
    const base = `http://127.0.0.1:${port}`;
    await tried(program, 'WebKitWebDriver', async () => await fetch(`${base}/status`));
    return await webDriverVisitor({
      browser: 'WebKitGTK',
      send: sendByHttp(base),
      capabilities: {
        capabilities: {
          alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } },
        },
      },
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}
