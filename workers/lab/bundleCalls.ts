import type { BundleCheck } from '../../src/lab/bundle/check.ts';
import type { ShownBundle } from '../../src/lab/bundle/open.ts';
import type { BundleContent } from '../../src/lab/bundle/write.ts';

/** Bundles of the page Reproduce. */
export interface BundleCalls {
  /**
   * Opens one and checks it.
   * @param path its name, for what is wrong with it
   * @param show told what it is shown by, before it is checked
   */
  openBundle(path: string, file: Blob, show: (bundle: ShownBundle) => void): Promise<BundleCheck>;
  writeBundle(content: BundleContent): Promise<Blob>;
}

export function bundleCalls(): BundleCalls {
  // What a call needs is fetched when it is made: few visitors open a bundle.
  return {
    async openBundle(path, file, show) {
      const { openBundle } = await import('../../src/lab/bundle/open.ts');
      const opened = openBundle(new Uint8Array(await file.arrayBuffer()), path);
      const { files: _files, ...shown } = opened;
      show(shown);
      const { checkBundle } = await import('../../src/lab/bundle/check.ts');
      return await checkBundle(opened);
    },
    async writeBundle(content) {
      const { writeBundle } = await import('../../src/lab/bundle/write.ts');
      return await writeBundle(content);
    },
  };
}
