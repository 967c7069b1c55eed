import { useEffect, useMemo } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { readEmbeddedFlow } from '../../lab/explore/embeddedFlow.ts';
import { openCollection, searchPart, useExplore } from '../../state/explore.ts';
import { read } from '../../state/loadable.ts';
import { useSettings } from '../../state/settings.ts';
import '../explore/explore.css';
import { OpeningNote } from '../explore/OpeningNote.tsx';
import { FlowFigure, RankFlow } from '../explore/RankFlow.tsx';
import { Source } from './Source.tsx';

/** Ranks of documents through the layers: searched in the frame, or those in the frame's address. */
export function EmbeddedFlow({ query }: { readonly query: URLSearchParams }) {
  const figures = query.get('figures');
  return figures === null ? <SearchedFlow query={query} /> : <GivenFlow figures={figures} />;
}

function SearchedFlow({ query }: { readonly query: URLSearchParams }) {
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
        from={asked.query === '' ? 'No query is given.' : queryIs(asked.query)}
        hash={`#/explore?${query}`}
      />
    </>
  );
}

/** Ranks of a search in a collection, or by models, that only the maker of the frame has. */
function GivenFlow({ figures }: { readonly figures: string }) {
  const given = useMemo(() => read(() => readEmbeddedFlow(figures)), [figures]);
  if (given.status === 'failed') return <Problem>{given.sentence}</Problem>;
  const { query, searched } = given.value;
  return (
    <>
      <FlowFigure figures={given.value} documents={searched} embed={null} />
      <Source
        from={`${queryIs(query)} Ranks among ${searched} documents, as whoever made this frame gave them.`}
        hash="#/explore"
      />
    </>
  );
}

const queryIs = (query: string): string => `Query: “${query}”.`;
