import { create } from 'zustand';

/** Where a result comes from: the page carries it, a run here made it, or a file was opened. */
export const origins = ['stored', 'run', 'opened'] as const;
export type Shown = (typeof origins)[number];

export const defaultMetric = 'hits@10';

interface ViewState {
  /** Which result was chosen last; see {@link shownOf}. */
  readonly shown: Shown;
  readonly metric: string;
  /** Bootstrap intervals behind the curves. */
  readonly bands: boolean;
  /** Layer picked in the picture of the models, marked in the charts. */
  readonly layer: number | null;
  show(shown: Shown): void;
  setMetric(metric: string): void;
  setBands(bands: boolean): void;
  setLayer(layer: number | null): void;
}

/** What of a result is looked at. */
export const useView = create<ViewState>((set) => ({
  shown: 'stored',
  metric: defaultMetric,
  bands: true,
  layer: null,
  show: (shown) => set({ shown }),
  setMetric: (metric) => set({ metric }),
  setBands: (bands) => set({ bands }),
  setLayer: (layer) => set({ layer }),
}));
