import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMarionette } from './marionette.ts';
import { startProgram, tried } from './program.ts';
import type { Visitor } from './visitor.ts';
import { webDriverVisitor } from './webDriver.ts';

/** Port 0 lets Firefox choose one, which it writes into its profile. Nothing is asked of the network. */
const preferences: Readonly<Record<string, string | number | boolean>> = {
  'marionette.port': 0,
  'app.update.auto': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

/** A headless Firefox with a fresh profile. */
export async function startFirefox(executable: string): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), 'layerlab-firefox-'));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const program = startProgram(
    executable,
    ['--headless', '--marionette', '--no-remote', '--profile', profile],
    // Root's own home may be another user's, which Firefox refuses.
    { env: { HOME: profile, MOZ_HEADLESS: '1' }, folder: profile },
  );
  try {
    const { send, end } = await tried(program, 'Firefox', async () =>
      connectMarionette(Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8'))),
    );
    return await webDriverVisitor({
      browser: 'Firefox',
      send,
      capabilities: {},
      async close() {
        end();
        await program.end();
      },
    });
  } catch (error) {
    await program.end();
    throw error;
  }
}
