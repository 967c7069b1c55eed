import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { EmbedView } from '../views/embed/EmbedView.tsx';
import { readRoute } from './route.ts';
import './theme.css';
import './layout.css';

/** One picture without the page around it, for a frame on another page. */
export function startEmbed(): void {
  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no #root.');
  const root = createRoot(element);
  draw(root);
  addEventListener('hashchange', () => draw(root));
}

function draw(root: Root): void {
  const { path, query } = readRoute(location.hash);
  const theme = query.get('theme');
  // The page around decides; what the visitor chose in the lab does not count here.
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  root.render(
    <StrictMode>
      <EmbedView key={location.hash} picture={path.replace('/embed/', '')} query={query} />
    </StrictMode>,
  );
}
