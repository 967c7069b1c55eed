import { useSettings } from '../state/settings.ts';
import { setTheme, type Theme, themes, useTheme } from '../state/theme.ts';
import { useView } from '../state/view.ts';
import { linkToPage } from './link.ts';
import { pages } from './pages.ts';

const themeNames: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' };

export function Header({ path }: { readonly path: string }) {
  const theme = useTheme((state) => state.theme);
  // The pages' addresses carry the settings.
  useSettings((state) => state.spec);
  useView((state) => state.metric);
  return (
    <header className="page-header">
      <div>
        <h1>
          <img src="favicon.svg" alt="" width="28" height="28" /> layerlab
        </h1>
        <p className="tagline">What each layer of a cross encoder knows about search</p>
      </div>
      <nav aria-label="Pages">
        {Object.entries(pages).map(([to, { name }]) => (
          <a key={to} href={linkToPage(to)} aria-current={path === to ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <label className="theme-choice">
        Theme
        <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          {themes.map((name) => (
            <option key={name} value={name}>
              {themeNames[name]}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
