import { type ComponentType, lazy, Suspense } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { type Picture, pictures } from '../../state/embed.ts';
import './embed.css';

interface EmbeddedProps {
  readonly query: URLSearchParams;
}

const views: Readonly<Record<Picture, ComponentType<EmbeddedProps>>> = {
  curves: lazy(async () => ({ default: (await import('./EmbeddedCurves.tsx')).EmbeddedCurves })),
  flow: lazy(async () => ({ default: (await import('./EmbeddedFlow.tsx')).EmbeddedFlow })),
  pair: lazy(async () => ({ default: (await import('./EmbeddedPair.tsx')).EmbeddedPair })),
};

interface EmbedViewProps extends EmbeddedProps {
  readonly picture: string;
}

/** The picture that an address names, and where it comes from. */
export function EmbedView({ picture, query }: EmbedViewProps) {
  const known = pictures.find((one) => one === picture);
  const View = known ? views[known] : null;
  return (
    <main className="embed">
      <h1 className="visually-hidden">layerlab</h1>
      {View ? (
        <Suspense fallback={<p role="status">Loading the picture…</p>}>
          <View query={query} />
        </Suspense>
      ) : (
        <Problem>
          There is no picture “{picture}”. A frame shows one of: {pictures.join(', ')}. Copy the snippet
          again.
        </Problem>
      )}
    </main>
  );
}
