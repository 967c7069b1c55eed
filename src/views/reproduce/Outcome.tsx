import { DataTable } from '../../components/DataTable.tsx';
import { PaperBeside } from '../../components/PaperBeside.tsx';
import { PaperMark } from '../../components/PaperMark.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { layersBeside } from '../../lab/paper/layersBeside.ts';
import type { Merged } from '../../lab/paper/merge.ts';
import { type FigureId, reproductionOf } from '../../lab/paper/reproductions.ts';
import { itemsOf, type Stand } from '../../lab/paper/specs.ts';
import {
  comparisonTable,
  datasetsIn,
  longComparisonTable,
  stages,
  systemsIn,
} from '../../lab/report/comparisonTable.ts';
import { layerwiseTable, longTable } from '../../lab/report/tables.ts';
import type { LayerFigures } from '../../state/layerResult.ts';
import { SpeedTable } from '../compare/SpeedTable.tsx';
import { SystemTests } from '../compare/SystemTests.tsx';
import { Curves } from '../layers/Curves.tsx';
import { RelativeBars } from '../layers/RelativeBars.tsx';
import { Tests } from '../layers/Tests.tsx';
import { TrainingLoss } from './TrainingLoss.tsx';

interface OutcomeProps {
  readonly figure: FigureId;
  readonly stand: Stand;
  readonly merged: Merged;
}

/** Ours, as far as it is done, beside the paper's. */
export function Outcome({ figure, stand, merged }: OutcomeProps) {
  const { title } = reproductionOf(figure);
  const shown = figure === 'table-1' ? [...merged.training, ...merged.comparison] : merged.layerwise;
  return (
    <section className="results" aria-labelledby="outcome-title">
      <h2 id="outcome-title">
        {title}, ours{stand === 'bundled' ? ' (stand-in, not the paper’s models)' : ''}
      </h2>
      {shown.length === 0 ? (
        <p className="quiet">What is done appears here, collection by collection.</p>
      ) : figure === 'table-1' ? (
        <Systems merged={merged} stand={stand} />
      ) : (
        <Layers figure={figure} merged={merged} stand={stand} />
      )}
    </section>
  );
}

function Layers({ figure, merged, stand }: OutcomeProps) {
  const { layerwise, datasets, tests } = merged;
  const titles = new Map(datasets.map((dataset) => [dataset.name, dataset.title]));
  const result: LayerFigures = {
    rows: layerwise,
    seen: new Map(),
    titleOf: (dataset) => titles.get(dataset) ?? dataset,
  };
  const beside = layersBeside(layerwise, reproductionOf(figure).pair);
  return (
    <>
      {beside ? (
        <section className="data-table" aria-labelledby="layers-beside">
          <h3 id="layers-beside">
            What section 4.3 says, ours beside <PaperMark />
          </h3>
          <PlainTable table={beside} />
          <p className="quiet">
            {stand === 'bundled'
              ? 'Ours are by other models on other collections: the two columns are not to be compared. '
              : ''}
            The paper prints these numbers and shows the rest as curves. “Worse by an average of” can be read
            as a share or in points; both are given.
          </p>
        </section>
      ) : null}
      {figure === 'figure-3' ? (
        <Curves result={result} metric="hits@10" />
      ) : (
        <RelativeBars result={result} metric="hits@10" />
      )}
      <DataTable table={layerwiseTable(layerwise, 'hits@10')} csv={longTable(layerwise)} />
      <Tests tests={tests.filter(({ of }) => of === undefined)} />
    </>
  );
}

function Systems({ merged, stand }: Omit<OutcomeProps, 'figure'>) {
  const { comparison, speed, tests, datasets, training } = merged;
  const choice = { stages, metrics: ['hits@10', 'mrr@10'], systems: systemsIn(comparison) };
  const figures = { comparison, speed, tests };
  const models = itemsOf({ work: 'systems', pair: 'minilm', size: 'small', stand })[0]?.spec.models;
  return (
    <>
      {comparison.length > 0 ? (
        <DataTable
          table={comparisonTable(figures, choice)}
          csv={longComparisonTable(figures)}
          pinned={datasetsIn(comparison).length > 1 ? 1 : 0}
        />
      ) : null}
      {models ? (
        <PaperBeside models={models} comparison={comparison} speed={speed} datasets={datasets} />
      ) : null}
      <SystemTests tests={tests} />
      <SpeedTable rows={speed} />
      <TrainingLoss training={training} />
    </>
  );
}
