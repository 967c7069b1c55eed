import { type Difference, DifferenceBars } from '../../../components/chart/DifferenceBars.tsx';
import { Figure } from '../../../components/chart/Figure.tsx';
import { HeatMap } from '../../../components/chart/HeatMap.tsx';
import { roundScale } from '../../../components/chart/scale.ts';
import { modelKinds } from '../../../components/chart/series.ts';
import { RadioField } from '../../../components/form/RadioField.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { numbered } from '../../../lab/explore/gridTable.ts';
import type { SeenPair } from '../../../lab/explore/seenPair.ts';
import type { WordEffects } from '../../../lab/explore/wordEffects.ts';
import type { Table } from '../../../lab/formats/table.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import { askPair, type EffectsStatus, usePair } from '../../../state/pair.ts';
import type { PairFigureProps } from './pairFigure.ts';

/** What changes when a text lacks one of its words. */
export function EffectsFigure({ seen, embed, fixed }: PairFigureProps) {
  const effects = usePair((state) => state.effects);
  const side = usePair((state) => state.asked.side);
  const choice = fixed ? null : (
    <RadioField
      legend="Leave out words of"
      value={side}
      options={[
        ['query', 'the query'],
        ['document', 'the document'],
      ]}
      onChange={(value) => askPair({ side: value })}
    />
  );
  if (effects.kind !== 'done' || effects.found.effects.length === 0) {
    return (
      <section className="card" aria-labelledby="effects-title">
        <h3 id="effects-title">Which words matter</h3>
        {choice}
        <Waiting effects={effects} />
      </section>
    );
  }
  return <Effects seen={seen} found={effects.found} choice={choice} embed={embed} />;
}

function Waiting({ effects }: { readonly effects: EffectsStatus }) {
  if (effects.kind === 'failed') return <Problem>{effects.sentence}</Problem>;
  if (effects.kind === 'done') {
    return <p>The {effects.found.side} has no words to leave out, only signs.</p>;
  }
  const { done, total } = effects.kind === 'running' ? effects : { done: 0, total: null };
  return (
    <p role="status">Reading the pair without each word{total === null ? '' : `, ${done} of ${total}`}…</p>
  );
}

function Effects({
  seen,
  found,
  choice,
  embed,
}: {
  readonly seen: SeenPair;
  readonly found: WordEffects;
  readonly choice: React.ReactNode;
  readonly embed: string | null;
}) {
  const { side, effects, left } = found;
  const words = numbered(effects.map(({ word }) => word));
  const columns = modelKinds.flatMap((kind) =>
    seen.apart[kind].layers.map(({ layer }) => `${kind.toUpperCase()} ${layerLabel(layer)}`),
  );
  const changes = effects.map(({ cosines }) => [...cosines.ce, ...cosines.de]);
  const table: Table = {
    caption: `Change without a word of the ${side}`,
    columns: ['word', 'logit', ...columns],
    rows: effects.map(({ logit }, index) => [words[index]!, logit, ...changes[index]!]),
  };
  return (
    <Figure
      embed={embed}
      title="Which words matter"
      caption={`Each word of the ${side} is left out, one at a time, and the pair read again. Below zero, the pair is less alike without the word: the word speaks for the match.${left > 0 ? ` The first ${effects.length} words are tried, ${left} more are not.` : ''}`}
      entries={[]}
      legend={choice}
      data={table}
      json={{ texts: seen.texts, models: seen.models, side, effects, left }}
      readable
    >
      {effects.some(({ logit }) => logit !== null) ? (
        <LogitBars bars={effects.map(({ logit }, index) => ({ name: words[index]!, value: logit ?? 0 }))} />
      ) : (
        <p className="quiet">The CE has no head in its graph, so that there is no logit to change.</p>
      )}
      <HeatMap
        title="Change of each layer’s cosine"
        rows={words}
        columns={columns}
        values={Float32Array.from(changes.flat())}
        unit="cosine without the word minus with it"
        colour="var(--run-3)"
        below="var(--run-6)"
        format={(value) => value.toFixed(3)}
      />
    </Figure>
  );
}

function LogitBars({ bars }: { readonly bars: readonly Difference[] }) {
  const title = 'Change of the CE’s logit';
  const longest = bars.reduce((most, { name }) => Math.max(most, name.length), 0);
  return (
    <div className="panel" data-panel-title={title}>
      <h4>{title}</h4>
      <DifferenceBars
        title={title}
        label="logit without the word minus with it"
        format={(value) => value.toFixed(3)}
        nameWidth={Math.min(160, 16 + 7 * longest)}
        bars={bars}
        scale={roundScale(bars.map(({ value }) => value))}
      />
    </div>
  );
}
