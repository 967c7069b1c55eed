import { UserError } from '../../src/base/userError.ts';
import type { BundleCheck } from '../../src/lab/bundle/check.ts';
import type { OpenedBundle, ShownBundle } from '../../src/lab/bundle/open.ts';
import type { BundleContent } from '../../src/lab/bundle/write.ts';

/** Bundles of the page Reproduce. */
export interface BundleCalls {
  /** Opens one, in place of the one before. @param path its name, for what is wrong with it */
  openBundle(path: string, file: Blob): Promise<ShownBundle>;
  /** Checks the opened one. */
  checkBundle(): Promise<BundleCheck>;
  writeBundle(content: BundleContent): Promise<Blob>;
}

export function bundleCalls(): BundleCalls {
  let opened: OpenedBundle | null = null;
  // What a call needs is fetched when it is made: few visitors open a bundle.
  return {
    async openBundle(path, file) {
      const { openBundle } = await import('../../src/lab/bundle/open.ts');
      opened = openBundle(new Uint8Array(await file.arrayBuffer()), path);
      const { files: _files, ...shown } = opened;
      return shown;
    },
    async checkBundle() {
      if (!opened) throw new UserError('No bundle is open any more; open it again.');
      const { checkBundle } = await import('../../src/lab/bundle/check.ts');
      return await checkBundle(opened);
    },
    async writeBundle(content) {
      const { writeBundle } = await import('../../src/lab/bundle/write.ts');
      return await writeBundle(content);
    },
  };
}
