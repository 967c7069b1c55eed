import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readBundledCards } from '../state/collections.ts';
import { followCost } from '../state/estimate.ts';
import { followTabs } from '../state/followRun.ts';
import { askMachine } from '../state/machine.ts';
import { readStoredReport } from '../state/reports.ts';
import { lookAtStorage } from '../state/storage.ts';
import { restoreTheme } from '../state/theme.ts';
import { followVersion } from '../state/version.ts';
import { App } from './App.tsx';
import { followLink } from './link.ts';
import './theme.css';
import './layout.css';

/** Draws the page and reads what it shows before anything has run. */
export function startPage(): void {
  restoreTheme();
  followLink();
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root.');
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  void readStoredReport('stored');
  void readBundledCards();
  void askMachine();
  void lookAtStorage();
  followCost();
  followTabs();
  void followVersion();
}
