import { create } from 'zustand';
import { sentenceOf, UserError } from '../../base/userError.ts';
import type { BundleCheck } from '../../lab/bundle/check.ts';
import type { ShownBundle } from '../../lab/bundle/open.ts';
import { pinned } from '../../lab/bundle/pin.ts';
import type { FinishedRun } from '../../lab/bundle/write.ts';
import type { DroppedFile } from '../../lab/data/droppedFile.ts';
import { type Choice, combinedSpec, itemsOf, keyOf, type QueueItem } from '../../lab/paper/specs.ts';
import { calledBack, labClient } from '../labClient.ts';
import { readFiles } from './keptResults.ts';
import { placeOf, resultOf, runItems, startOver, useReproduce } from './reproduce.ts';

interface BundlesState {
  readonly busy: 'saving' | 'opening' | null;
  readonly problem: string | null;
  readonly opened: ShownBundle | null;
  /** null while it is checked. */
  readonly check: BundleCheck | null;
}

export const useBundles = create<BundlesState>(() => ({
  busy: null,
  problem: null,
  opened: null,
  check: null,
}));

const update = useBundles.setState;

/** The chosen reproduction's results so far, as one file; null, with a sentence, where it cannot be made. */
export async function makeBundle(choice: Choice): Promise<Blob | null> {
  update({ busy: 'saving', problem: null });
  try {
    const key = keyOf(choice);
    const { results } = useReproduce.getState();
    const done = itemsOf(choice).flatMap((item) => {
      const report = resultOf(results, key, item);
      return report ? [{ item, report }] : [];
    });
    if (done.length === 0) throw new UserError('Nothing has been run yet; press Run first.');
    const runs: FinishedRun[] = [];
    for (const { item, report } of done) {
      const files = await readFiles(key, item.id);
      runs.push({
        id: item.id,
        title: item.title,
        report,
        // Weights would make it a hundred times as large; the spec trains them again, bit for bit on one device.
        files: files.filter(({ path }) => !path.startsWith('models/')),
      });
    }
    const spec = pinned(
      combinedSpec(done.map(({ item }) => item)),
      done.map(({ report }) => report),
    );
    const blob = await labClient().writeBundle({ choice, spec, runs, madeAt: new Date() });
    update({ busy: null });
    return blob;
  } catch (error) {
    update({ busy: null, problem: sentenceOf(error) });
    return null;
  }
}

/** Opens a bundle to show it, and checks it. */
export async function takeBundle(given: Promise<{ readonly files: readonly DroppedFile[] }>): Promise<void> {
  update({ busy: 'opening', problem: null });
  try {
    const [first] = (await given).files;
    if (!first) throw new UserError('There is no file; choose a bundle that this page saved.');
    const show = calledBack((opened: ShownBundle): void => update({ opened, check: null }));
    update({ busy: null, check: await labClient().openBundle(first.path, first.file, show) });
  } catch (error) {
    update({ busy: null, problem: sentenceOf(error) });
  }
}

export function closeBundle(): void {
  update({ opened: null, check: null, problem: null });
}

/** Where a bundle's repetition keeps its results, apart from the page's own. */
export function againKey({ manifest }: ShownBundle): string {
  return `again-${manifest.madeAt}-${keyOf(manifest.choice)}`;
}

/** The bundle's runs by their own specs, from the very commits that they read. */
function itemsOfBundle({ runs }: ShownBundle): QueueItem[] {
  return runs.map(({ id, title, report }) => ({
    id,
    title,
    entry: null,
    spec: pinned(report.spec, [report]),
  }));
}

/** Runs every spec of a bundle anew. */
export async function rerun(bundle: ShownBundle): Promise<void> {
  const key = againKey(bundle);
  await startOver(key);
  await runItems(key, itemsOfBundle(bundle));
}

/** Reports of a bundle's repetition so far. */
export function reportsAgain(
  bundle: ShownBundle,
  results: ReturnType<typeof useReproduce.getState>['results'],
) {
  const key = againKey(bundle);
  return bundle.runs.flatMap(({ id }) => results.get(placeOf(key, id))?.report ?? []);
}
