import type { ModelSource } from '../../src/lab/embed/openModel.ts';
import { openPair } from '../../src/lab/explore/openPair.ts';
import { bothWays } from '../../src/lab/lesson/bothWays.ts';
import type { Swapped } from '../../src/lab/lesson/live.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';

/** What the lesson calls. */
export interface LessonCalls {
  /**
   * Scores of a pair as it stands and swapped, by a spec's models, which stay open no longer than for this call, unless
   * others hold them.
   */
  scoreBothWays(spec: Spec, query: string, document: string): Promise<Swapped>;
}

export function lessonCalls(from: ModelSource): LessonCalls {
  return {
    async scoreBothWays(spec, query, document) {
      const models = await openPair(spec, from, { signal: new AbortController().signal });
      try {
        return await bothWays(models, query, document);
      } finally {
        await models.dispose();
      }
    },
  };
}
