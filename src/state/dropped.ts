import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import type { DroppedFile } from '../lab/data/droppedFile.ts';
import type { Preview } from '../lab/data/understand.ts';
import type { ModelPreview } from '../lab/models/modelPreview.ts';
import { withSystem } from '../lab/spec/editComparison.ts';
import { withCollection } from '../lab/spec/editDatasets.ts';
import { withModel } from '../lab/spec/editModels.ts';
import { withTrainingData } from '../lab/spec/editTraining.ts';
import { rememberDropped } from './droppedFiles.ts';
import { labClient } from './labClient.ts';
import { useSettings } from './settings.ts';

interface DroppedState {
  readonly reading: boolean;
  /** What could not be understood of the last drop, in one sentence; what was there before stays. */
  readonly problem: string | null;
  readonly collections: readonly Preview[];
  readonly models: readonly ModelPreview[];
}

/** What the user brought: kept by the worker as long as this tab lives. */
export const useDropped = create<DroppedState>(() => ({
  reading: false,
  problem: null,
  collections: [],
  models: [],
}));

type Given = Promise<{ readonly name: string; readonly files: readonly DroppedFile[] }>;

/** Reads what was dropped, and says in one sentence what went wrong. */
async function reading(
  given: Given,
  take: (name: string, files: readonly DroppedFile[]) => Promise<void>,
): Promise<void> {
  useDropped.setState({ reading: true, problem: null });
  try {
    const { name, files } = await given;
    await take(name, files);
    useDropped.setState({ reading: false });
  } catch (error) {
    useDropped.setState({ reading: false, problem: sentenceOf(error) });
  }
}

/** Reads dropped files as a model folder or a collection and takes it into the settings. */
export function takeDropped(given: Given): Promise<void> {
  return reading(given, async (name, files) => {
    if (files.some(({ path }) => path === 'config.json')) await takeModel(name, files);
    else await takeCollection(name, files);
  });
}

async function takeModel(name: string, files: readonly DroppedFile[]): Promise<void> {
  const preview = await labClient().addModel(name, files);
  rememberDropped({ kind: 'model', name, files });
  useDropped.setState(({ models }) => ({
    models: [...models.filter(({ source }) => source !== preview.source), preview],
  }));
  const { kind, source } = preview;
  useSettings.getState().change((spec) => withModel(spec, kind, source));
}

async function takeCollection(name: string, files: readonly DroppedFile[]): Promise<void> {
  const { split } = await previewOf(name, files);
  useSettings.getState().change((spec) => withCollection(spec, `folder:${name}`, true, split));
}

async function previewOf(name: string, files: readonly DroppedFile[]): Promise<Preview> {
  const preview = await labClient().preview(name, files);
  rememberDropped({ kind: 'collection', name, files });
  useDropped.setState(({ collections }) => ({
    collections: [...collections.filter((known) => known.name !== preview.name), preview],
  }));
  return preview;
}

/** Takes files to train on; they are not searched unless they are chosen for that too. */
export function takeTrainingPairs(given: Given): Promise<void> {
  return reading(given, async (name, files) => {
    await previewOf(name, files);
    useSettings.getState().change((spec) => withTrainingData(spec, `folder:${name}`, true));
  });
}

/** Takes a model folder or a TREC run file as one more system of the comparison. */
export function takeSystem(given: Given): Promise<void> {
  return reading(given, async (name, files) => {
    const lab = labClient();
    const { change } = useSettings.getState();
    if (files.some(({ path }) => path === 'config.json')) {
      const { source } = await lab.addModel(name, files);
      change((spec) => withSystem(spec, source));
      return;
    }
    for (const { path, file } of files) {
      await lab.addRun(path, file);
      change((spec) => withSystem(spec, `run:${path}`));
    }
  });
}

export function dismissProblem(): void {
  useDropped.setState({ problem: null });
}
