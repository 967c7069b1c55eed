import { useEffect } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { openCollection, searchPart, useExplore } from '../../state/explore.ts';
import { useSettings } from '../../state/settings.ts';
import '../explore/explore.css';
import { OpeningNote } from '../explore/OpeningNote.tsx';
import { RankFlow } from '../explore/RankFlow.tsx';
import { Source } from './Source.tsx';

/** Ranks of documents through the layers for the query of the address, searched in the frame. */
export function EmbeddedFlow({ query }: { readonly query: URLSearchParams }) {
  const linkProblem = useSettings((state) => state.linkProblem);
  const problem = useExplore((state) => state.problem);
  const asked = useExplore((state) => state.asked);
  const answer = useExplore((state) => state.answer);
  useEffect(() => {
    useSettings.getState().takeLink(query.get('spec'));
    searchPart.take(query);
    void openCollection();
  }, [query]);
  if (linkProblem) return <Problem>{linkProblem}</Problem>;
  return (
    <>
      <RankFlow embeddable={false} />
      {answer ? null : <OpeningNote />}
      {problem ? <Problem>{problem}</Problem> : null}
      <Source
        from={asked.query === '' ? 'No query is given.' : `Query: “${asked.query}”.`}
        hash={`#/explore?${query}`}
      />
    </>
  );
}
