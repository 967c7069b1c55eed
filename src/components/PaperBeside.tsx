import { besideTable, besideThePaper, type ComparedRows } from '../lab/paper/beside.ts';
import { paperModels, paperPairOf } from '../lab/paper/identity.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { DataTable } from './DataTable.tsx';
import { PaperMark } from './PaperMark.tsx';

interface PaperBesideProps extends ComparedRows {
  readonly models: Spec['models'];
}

/** Our figures beside Table 1 of the paper; nothing where no collection is one of its twelve. */
export function PaperBeside({ models, ...compared }: PaperBesideProps) {
  const rows = besideThePaper(compared);
  if (rows.length === 0) return null;
  const pair = paperPairOf(models);
  return (
    <section className="paper-beside" aria-label="Ours beside the paper’s">
      <DataTable table={besideTable(rows)} />
      <p className="quiet">
        <PaperMark /> figures are printed in its Table 1, to two decimals, over each collection in full and by
        the {paperModels.minilm.title} pair.{' '}
        {pair === 'minilm'
          ? 'Ours are by the same pair.'
          : 'Ours are by other models, so that a difference says nothing of the paper.'}{' '}
        Fewer documents make search easier: figures of a sample are above those of the whole.
      </p>
    </section>
  );
}
