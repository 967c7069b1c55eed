import type { Plugin } from 'vite';

/** Loops of hyparquet over runs of levels, and what bounds them: the values of the page, and its bytes. */
const loops = [
  [
    'while (seen < output.length) {',
    "while (seen < output.length) {\n    if (!(reader.offset < reader.view.byteLength)) throw new Error('parquet levels end before their page does')",
  ],
  [
    'for (let i = 0; i < count; i++) {\n    output[seen + i] = value',
    'for (let i = 0; i < Math.min(count, output.length - seen); i++) {\n    output[seen + i] = value',
  ],
  ['while (count) {', 'while (count && seen < output.length) {'],
] as const;

/**
 * Bounds loops whose end hyparquet takes from the file, so that a small Parquet file cannot keep a worker busy for
 * minutes or for ever: a run may say that it is 2^31 long, and a header without a length makes the place where levels
 * are read no number. What lies behind the values is passed over either way: the file says where levels end.
 * Throws, in the build, where a later hyparquet reads otherwise.
 */
export function boundedRuns(): Plugin {
  return {
    name: 'layerlab-bounded-runs',
    transform(code, id) {
      if (!/hyparquet\/src\/encoding\.js(?:\?|$)/.test(id.replaceAll('\\', '/'))) return null;
      return loops.reduce((text, [loop, bounded]) => {
        if (!text.includes(loop))
          throw new Error(`${id} has no "${loop}" any more; see scripts/boundedRuns.ts.`);
        return text.replace(loop, bounded);
      }, code);
    },
  };
}
