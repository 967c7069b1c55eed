import { isolate } from './app/isolation.ts';
import { readRoute } from './app/route.ts';

await isolate();
if (readRoute(location.hash).path === '/headless') {
  const { startHeadless } = await import('./app/headless.ts');
  startHeadless();
} else {
  const { startPage } = await import('./app/page.tsx');
  startPage();
}
