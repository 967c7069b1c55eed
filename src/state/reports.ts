import { create } from 'zustand';
import { sentenceOf } from '../lab/problem.ts';
import { readReport } from '../lab/report/read.ts';
import type { Report } from '../lab/report/report.ts';
import type { Loadable } from './loadable.ts';
import { useView } from './view.ts';

interface ReportsState {
  /** The full run on the bundled default that the command line made and the page carries. */
  readonly stored: Loadable<Report>;
  readonly opened: { readonly file: string; readonly report: Report } | null;
}

export const useReports = create<ReportsState>(() => ({ stored: { status: 'loading' }, opened: null }));

export async function readStoredReport(): Promise<void> {
  const file = 'stored/report.json';
  try {
    const response = await fetch(file);
    if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) {
      throw new Error('This copy of the page carries no stored result; press Run.');
    }
    const report = readReport(await response.text(), file);
    useReports.setState({ stored: { status: 'ready', value: report } });
  } catch (error) {
    useReports.setState({ stored: { status: 'failed', sentence: sentenceOf(error) } });
  }
}

/** Shows a report from a file. @throws Problem when it is none */
export function openReport(text: string, file: string): void {
  useReports.setState({ opened: { file, report: readReport(text, file) } });
  useView.getState().show('opened');
}
