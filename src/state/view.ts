import { create } from 'zustand';

export type Shown = 'stored' | 'run' | 'opened';

interface ViewState {
  /** Which result the charts draw. */
  readonly shown: Shown;
  readonly metric: string;
  /** Layer picked in the illustration, marked in the charts. */
  readonly layer: number | null;
  show(shown: Shown): void;
  setMetric(metric: string): void;
  setLayer(layer: number | null): void;
}

/** What of a result is looked at. */
export const useView = create<ViewState>((set) => ({
  shown: 'stored',
  metric: 'hits@10',
  layer: null,
  show: (shown) => set({ shown }),
  setMetric: (metric) => set({ metric }),
  setLayer: (layer) => set({ layer }),
}));
