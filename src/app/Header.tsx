import { setTheme, type Theme, themes, useTheme } from '../state/theme.ts';

const themeNames: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' };

export function Header() {
  const theme = useTheme((state) => state.theme);
  return (
    <header className="page-header">
      <div>
        <h1>
          <img src="favicon.svg" alt="" width="28" height="28" /> layerlab
        </h1>
        <p className="tagline">What each layer of a cross encoder knows about search</p>
      </div>
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
