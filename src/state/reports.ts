import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import { readReport } from '../lab/report/read.ts';
import type { Report } from '../lab/report/report.ts';
import type { Loadable } from './loadable.ts';
import { useView } from './view.ts';

/** Reports that the page carries, made by the command line on the bundled default; files of `stored/`. */
const storedFiles = {
  stored: 'report.json',
  storedTraining: 'compare.json',
  storedComparison: 'small-model.json',
} as const;

interface ReportsState {
  /** The layers, in full. */
  readonly stored: Loadable<Report>;
  /** Two models that are watched while they learn. */
  readonly storedTraining: Loadable<Report>;
  /** All that is asked of a small model, trained and compared on a sample. */
  readonly storedComparison: Loadable<Report>;
  readonly opened: { readonly file: string; readonly report: Report } | null;
}

export const useReports = create<ReportsState>(() => ({
  stored: { status: 'loading' },
  storedTraining: { status: 'loading' },
  storedComparison: { status: 'loading' },
  opened: null,
}));

export async function readStoredReport(which: keyof typeof storedFiles): Promise<void> {
  if (useReports.getState()[which].status === 'ready') return;
  const file = `stored/${storedFiles[which]}`;
  try {
    const response = await fetch(file);
    if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) {
      throw new Error('This copy of the page carries no stored result; press Run.');
    }
    const report = readReport(await response.text(), file);
    useReports.setState({ [which]: { status: 'ready', value: report } });
  } catch (error) {
    useReports.setState({ [which]: { status: 'failed', sentence: sentenceOf(error) } });
  }
}

/** Shows a report from a file. @throws UserError when it is none */
export function openReport(text: string, file: string): void {
  useReports.setState({ opened: { file, report: readReport(text, file) } });
  useView.getState().show('opened');
}
