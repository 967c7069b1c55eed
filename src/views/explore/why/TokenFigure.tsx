import { useMemo, useState } from 'react';
import { Figure } from '../../../components/chart/Figure.tsx';
import { ModelLegend } from '../../../components/chart/Legend.tsx';
import { series } from '../../../components/chart/series.ts';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { measures, type TokenFigures } from '../../../lab/explore/tokenFigures.ts';
import { correlationTable, tokenTable } from '../../../lab/explore/tokenTables.ts';
import { correlationInWords, measureName } from '../../../lab/explore/whySentences.ts';
import { askWhy, useWhy } from '../../../state/why.ts';
import { TokenPicker } from './TokenPicker.tsx';
import { mostDrawn, TokenScatter } from './TokenScatter.tsx';

/** A measure of each token's embedding against its IDF, one panel a model. */
export function TokenFigure() {
  const figures = useWhy((state) => state.figures);
  const { measure, token } = useWhy((state) => state.asked);
  const [hovered, setHovered] = useState<string | null>(null);
  const models = useMemo(
    () => (figures.status === 'ready' ? [figures.value.ce, figures.value.de] : []),
    [figures],
  );
  const all = useMemo(() => tokenTable(models), [models]);
  if (figures.status !== 'ready') return null;
  const name = measureName(measure);
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)} against IDF, ${figures.value.title}`;
  return (
    <>
      <section className="card why-controls" aria-label="What is drawn">
        <SelectField
          label="Drawn against IDF"
          value={measure}
          options={measures.map((one) => [one, measureName(one)] as const)}
          onChange={(one) => askWhy({ measure: one })}
        />
        <TokenPicker models={models} measure={measure} />
      </section>
      <Figure title={title} data={all} caption={captionOf(models)} legend={<ModelLegend />}>
        {models.map((one) => (
          <div key={one.model} className="panel" data-panel-title={panelTitle(one)}>
            <h4>{panelTitle(one)}</h4>
            <p className="quiet">ρ = {correlationInWords(one.correlations[measure])}</p>
            <TokenScatter
              figures={one}
              measure={measure}
              token={hovered ?? token}
              onHover={setHovered}
              onChoose={(chosen) => askWhy({ token: chosen })}
            />
          </div>
        ))}
        <Tables models={models} />
      </Figure>
    </>
  );
}

function panelTitle({ model }: TokenFigures): string {
  return series[model].name;
}

function captionOf(models: readonly TokenFigures[]): string {
  const most = Math.max(...models.map(({ tokens }) => tokens.length));
  const drawn =
    most > mostDrawn
      ? `${mostDrawn.toLocaleString('en')} tokens of each model are drawn, evenly by IDF; ρ and the files have all. `
      : '';
  return `One mark a token that stands in a document. IDF is ln((1 + N) / (1 + n)) + 1, N documents of which n have the token, by each model’s own tokeniser; ## continues a word. Special tokens are left out. ${drawn}Point at a mark, or move through the tokens with the slider above.`;
}

/** Rows of the table on the page; the files have every token. */
const shownRows = 60;

function Tables({ models }: { readonly models: readonly TokenFigures[] }) {
  const table = useMemo(() => {
    const tables = models.map((one) => tokenTable([one]));
    return tables.map((one) => {
      const step = Math.max(1, one.rows.length / shownRows);
      const count = Math.min(shownRows, one.rows.length);
      return { ...one, rows: Array.from({ length: count }, (_, i) => one.rows[Math.floor(i * step)]!) };
    });
  }, [models]);
  return (
    <details className="flow-table">
      <summary>The figures as tables</summary>
      <p>Spearman’s correlation of each measure with IDF</p>
      {models.map((one) => (
        <PlainTable
          key={one.model}
          table={correlationTable([one])}
          of={`Correlations of the ${one.model.toUpperCase()}`}
        />
      ))}
      <p>{shownRows} tokens of each model, evenly by IDF; CSV and JSON have all.</p>
      {models.map((one, index) => (
        <PlainTable key={one.model} table={table[index]!} of={`Tokens of the ${one.model.toUpperCase()}`} />
      ))}
    </details>
  );
}
