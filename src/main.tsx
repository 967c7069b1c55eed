import { isolate } from './app/isolation.ts';
import { restrictConnections } from './app/policy.ts';
import { readRoute } from './app/route.ts';
import { readHubSettings } from './state/hubSettings.ts';

restrictConnections(readHubSettings());
await isolate();
if (readRoute(location.hash).path === '/headless') {
  const { startHeadless } = await import('./app/headless.ts');
  startHeadless();
} else {
  const { startPage } = await import('./app/page.tsx');
  startPage();
}
