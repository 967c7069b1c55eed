import { useEffect } from 'react';
import { openCollection } from '../../state/explore.ts';
import { useSettings } from '../../state/settings.ts';
import { CollectionChoice } from './CollectionChoice.tsx';
import { LayerLists } from './LayerLists.tsx';
import { OpeningNote } from './OpeningNote.tsx';
import { QueryBox } from './QueryBox.tsx';
import { RankFlow } from './RankFlow.tsx';
import { ReadDocument } from './ReadDocument.tsx';

/** A query searched at every layer of both models at once, while it is typed. */
export function SearchTab() {
  const models = useSettings((state) => state.spec.models);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models are opened as they are chosen.
  useEffect(() => void openCollection(), [models]);
  return (
    <>
      <section className="intro" aria-labelledby="explore-title">
        <h2 id="explore-title">Search with every layer at once</h2>
        <p>
          Type a query, or pick one of the collection’s. Each layer of the cross encoder (CE) and of the dual
          encoder (DE) embeds it, and finds its own ten nearest documents: see what an early layer finds that
          the last one loses.
        </p>
      </section>
      <div className="explore-view">
        <section className="card explore-ask" aria-label="Query and collection">
          <QueryBox />
          <CollectionChoice />
          <OpeningNote />
        </section>
        <RankFlow />
        <LayerLists />
        <ReadDocument />
      </div>
    </>
  );
}
