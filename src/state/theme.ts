import { create } from 'zustand';
import { putSetting } from '../lab/cache/writes.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'layerlab-theme';

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return themes.find((theme) => theme === kept) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: 'auto' }));

/** Puts the theme on the document; `auto` follows the system. */
export function setTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // A browser that keeps nothing still shows the theme.
  putSetting(() => localStorage, key, theme);
  useTheme.setState({ theme });
}

export function restoreTheme(): void {
  setTheme(remembered());
}
