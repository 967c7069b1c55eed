import { isolate } from './app/isolation.ts';
import { restrictConnections } from './app/policy.ts';
import { readRoute } from './app/route.ts';
import { trustOwnScripts } from './base/trustedScripts.ts';
import { readHubSettings } from './state/hubSettings.ts';

trustOwnScripts();
restrictConnections(readHubSettings());
await isolate();
const { path } = readRoute(location.hash);
if (path === '/headless') {
  const { startHeadless } = await import('./app/headless.ts');
  startHeadless();
} else if (path.startsWith('/embed/')) {
  const { startEmbed } = await import('./app/embed.tsx');
  startEmbed();
} else {
  const { startPage } = await import('./app/page.tsx');
  startPage();
}
