import { useEffect, useMemo } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { type PairPicture, pairPictures, readEmbeddedPair } from '../../lab/explore/embeddedPair.ts';
import { read } from '../../state/loadable.ts';
import { pairPart, readPair, showPair, usePair } from '../../state/pair.ts';
import { useSettings } from '../../state/settings.ts';
import '../explore/explore.css';
import { PairFigures } from '../explore/pair/PairFigures.tsx';
import { Source } from './Source.tsx';

/** A pair of texts, one of its pictures or all: read in the frame, or with the figures of the frame's address. */
export function EmbeddedPair({ query }: { readonly query: URLSearchParams }) {
  const name = query.get('picture');
  const picture = pairPictures.find((one) => one === name) ?? null;
  const figures = query.get('figures');
  if (name !== picture) {
    return (
      <Problem>
        A pair has no picture “{name}”, only: {pairPictures.join(', ')}. Copy the snippet again.
      </Problem>
    );
  }
  if (figures !== null) return <GivenPair figures={figures} picture={picture} />;
  if (['query', 'document'].some((text) => (query.get(text) ?? '').trim() === '')) {
    return <Problem>The address of this frame has not both texts; copy the snippet again.</Problem>;
  }
  return <ReadPair query={query} picture={picture} />;
}

interface ReadPairProps {
  readonly query: URLSearchParams;
  readonly picture: PairPicture | null;
}

function ReadPair({ query, picture }: ReadPairProps) {
  const linkProblem = useSettings((state) => state.linkProblem);
  const status = usePair((state) => state.status);
  useEffect(() => {
    useSettings.getState().takeLink(query.get('spec'));
    pairPart.take(query);
    void readPair();
  }, [query]);
  if (linkProblem) return <Problem>{linkProblem}</Problem>;
  return (
    <>
      {status.kind === 'failed' ? <Problem>{status.sentence}</Problem> : null}
      {status.kind === 'reading' ? <p role="status">{status.what}…</p> : null}
      <Drawn picture={picture} fixed={false} from="" hash={inLab(query)} />
    </>
  );
}

interface GivenPairProps {
  readonly figures: string;
  readonly picture: PairPicture | null;
}

/** A pair read by models that only the maker of the frame has. */
function GivenPair({ figures, picture }: GivenPairProps) {
  const given = useMemo(() => read(() => readEmbeddedPair(figures)), [figures]);
  useEffect(() => {
    if (given.status === 'ready') showPair(given.value);
  }, [given]);
  if (given.status === 'failed') return <Problem>{given.sentence}</Problem>;
  const { ce, de } = given.value.seen.models;
  const from = ` Figures of ${ce} and ${de}, as whoever made this frame gave them.`;
  return <Drawn picture={picture} fixed from={from} hash="#/explore?tab=pair" />;
}

interface DrawnProps {
  readonly picture: PairPicture | null;
  readonly fixed: boolean;
  /** Where the figures come from, behind the texts. */
  readonly from: string;
  readonly hash: string;
}

function Drawn({ picture, fixed, from, hash }: DrawnProps) {
  const seen = usePair((state) => state.seen);
  const { query, document } = usePair((state) => state.asked);
  return (
    <>
      {seen ? <PairFigures seen={seen} only={picture} embeddable={false} fixed={fixed} /> : null}
      {seen?.notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
      <Source from={`Query: “${shortened(query)}”. Document: “${shortened(document)}”.${from}`} hash={hash} />
    </>
  );
}

const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** The page of the lab that shows the pair. */
function inLab(query: URLSearchParams): string {
  const there = new URLSearchParams(query);
  for (const name of ['picture', 'theme']) there.delete(name);
  there.set('tab', 'pair');
  return `#/explore?${there}`;
}
