import { type ComponentType, lazy } from 'react';

interface Page {
  readonly name: string;
  /** Loaded when the page is first opened. */
  readonly View: ComponentType;
}

/** The pages by their paths, in the order of the navigation. */
export const pages = {
  '/explore': {
    name: 'Explore',
    View: lazy(async () => ({ default: (await import('../views/explore/ExploreView.tsx')).ExploreView })),
  },
  '/lesson': {
    name: 'Lesson',
    View: lazy(async () => ({ default: (await import('../views/lesson/LessonView.tsx')).LessonView })),
  },
  '/layers': {
    name: 'Layers',
    View: lazy(async () => ({ default: (await import('../views/layers/LayersView.tsx')).LayersView })),
  },
  '/train': {
    name: 'Train',
    View: lazy(async () => ({ default: (await import('../views/train/TrainView.tsx')).TrainView })),
  },
  '/compare': {
    name: 'Compare',
    View: lazy(async () => ({ default: (await import('../views/compare/CompareView.tsx')).CompareView })),
  },
  '/paper': {
    name: 'The paper',
    View: lazy(async () => ({ default: (await import('../views/paper/PaperView.tsx')).PaperView })),
  },
  '/reproduce': {
    name: 'Reproduce',
    View: lazy(async () => ({
      default: (await import('../views/reproduce/ReproduceView.tsx')).ReproduceView,
    })),
  },
} as const satisfies Record<string, Page>;

export type Path = keyof typeof pages;

export function isPath(path: string): path is Path {
  return path in pages;
}
