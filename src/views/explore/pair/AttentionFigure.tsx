import { Figure } from '../../../components/chart/Figure.tsx';
import { HeatMap } from '../../../components/chart/HeatMap.tsx';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { crossing } from '../../../lab/explore/attentionFlow.ts';
import { gridRows } from '../../../lab/explore/gridTable.ts';
import { attentionMissing } from '../../../lab/explore/pairDocument.ts';
import type { SeenAttention, SeenAttentionLayer, SeenPair } from '../../../lab/explore/seenPair.ts';
import { type AttentionGrids, attentionGrids, type TokenGrid } from '../../../lab/explore/tokenGrid.ts';
import type { Table } from '../../../lab/formats/table.ts';
import { askPair, usePair } from '../../../state/pair.ts';
import type { PairFigureProps } from './pairFigure.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The CE on the real pair: its logit, and where its heads look across the two texts. */
export function AttentionFigure({ seen, layer, joined, embed, fixed }: PairFigureProps) {
  const asked = usePair((state) => state.asked.head);
  const { across } = seen;
  const { attention } = across;
  const heading = <Logits across={across} />;
  if ('why' in attention) {
    return (
      <section className="card" aria-label="Attention">
        <h3>Where the CE looks across the texts</h3>
        {heading}
        <p>{attentionMissing(attention.why)}</p>
      </section>
    );
  }
  const found = attention.layers.find((one) => one.layer === layer);
  const head = asked !== null && asked < attention.heads ? asked : null;
  const grids = found ? attentionGrids(across, attention, found, head, joined) : null;
  const empty = across.query.tokens.length === 0 || across.document.tokens.length === 0;
  return (
    <Figure
      embed={embed}
      title="Where the CE looks across the texts"
      caption="The CE reads both texts in one row. A head’s attention from one token is shared among all tokens of the row and adds up to 1; what does not cross goes to the token’s own text and to the separators. How much crosses is the mean over a text’s tokens. High attention does not prove that a token decides the score: what leaving a word out changes does."
      entries={[]}
      legend={
        <>
          {heading}
          {found && !fixed ? <HeadChoice found={found} head={head} /> : null}
        </>
      }
      data={tableOf(attention, grids)}
      json={jsonOf(seen, attention, grids, layer, head)}
      readable
    >
      <Crossing attention={attention} />
      {found ? null : (
        <p className="quiet">
          {layer === 0
            ? 'The embedding layer has no attention; choose layer 1 or a later one.'
            : `The CE has no layer ${layer}; its last is ${attention.layers.at(-1)?.layer}.`}
        </p>
      )}
      {empty ? <p className="quiet">One of the texts has no tokens, so that nothing can cross.</p> : null}
      {grids && !empty ? (
        <Ways grids={grids} name={head === null ? 'mean of all heads' : `head ${head + 1}`} layer={layer} />
      ) : null}
    </Figure>
  );
}

function Logits({ across }: { readonly across: SeenPair['across'] }) {
  const { logit, logitWords, logits } = across;
  if (logit === null) return <p>No logit: the model has no head in its graph.</p>;
  return (
    <p>
      Logit <strong>{logit.toFixed(3)}</strong>
      {logits.length > 1
        ? `, ${logitWords}; ${logits.map(({ label, value }) => `${label} ${value.toFixed(3)}`).join(', ')}`
        : ''}
    </p>
  );
}

/** The heads of a layer, those first of which most crosses. */
function HeadChoice({ found, head }: { readonly found: SeenAttentionLayer; readonly head: number | null }) {
  return (
    <div className="head-choice">
      <SelectField
        label={`Head of layer ${found.layer}, by how much crosses`}
        value={head === null ? '' : String(head)}
        options={[
          ['', 'Mean of all heads'] as const,
          ...found.flows.map(
            (flow) => [String(flow.head), `Head ${flow.head + 1}, ${percent(crossing(flow))}`] as const,
          ),
        ]}
        onChange={(value) => askPair({ head: value === '' ? null : Number(value) })}
      />
    </div>
  );
}

/** How much crosses in each head of each layer. */
function Crossing({ attention: { layers, heads } }: { readonly attention: SeenAttention }) {
  const values = new Float32Array(layers.length * heads);
  for (const [row, { flows }] of layers.entries()) {
    for (const flow of flows) values[row * heads + flow.head] = crossing(flow);
  }
  return (
    <HeatMap
      title="How much crosses, by layer and head"
      rows={layers.map(({ layer }) => `layer ${layer}`)}
      columns={Array.from({ length: heads }, (_, head) => `head ${head + 1}`)}
      values={values}
      unit="attention that crosses, mean of both ways"
      colour="var(--ce)"
      format={percent}
    />
  );
}

function Ways({
  grids: { toDocument, toQuery },
  name,
  layer,
}: {
  readonly grids: AttentionGrids;
  readonly name: string;
  readonly layer: number;
}) {
  const map = (title: string, { rows, columns, values }: TokenGrid) => (
    <HeatMap
      title={`${title}: layer ${layer}, ${name}`}
      rows={rows}
      columns={columns}
      values={values}
      unit="attention; rows are the query’s"
      colour="var(--ce)"
      format={percent}
    />
  );
  return (
    <>
      {map('From query to document', toDocument)}
      {map('From document to query', toQuery)}
    </>
  );
}

function tableOf(attention: SeenAttention, grids: AttentionGrids | null): Table {
  const ranked = attention.layers
    .flatMap(({ layer, flows }) => flows.map((flow) => ({ layer, ...flow })))
    .sort((a, b) => crossing(b) - crossing(a));
  const rows = ranked.map(({ layer, head, queryToDocument, documentToQuery }, index) => [
    index + 1,
    `layer ${layer}, head ${head + 1}, query to document ${percent(queryToDocument)}, back ${percent(documentToQuery)}`,
    null,
    null,
    (queryToDocument + documentToQuery) / 2,
  ]);
  const cells = grids
    ? [
        ...gridRows('query to document', grids.toDocument, rows.length + 1),
        ...gridRows('document to query', grids.toQuery, rows.length + grids.toDocument.values.length + 1),
      ]
    : [];
  return {
    caption: 'Heads by how much crosses, and attention between the texts',
    columns: ['row', 'what', 'query', 'document', 'attention'],
    rows: [...rows, ...cells],
  };
}

function jsonOf(
  { texts, models, across }: SeenPair,
  attention: SeenAttention,
  grids: AttentionGrids | null,
  layer: number,
  head: number | null,
): unknown {
  const plain = (grid: TokenGrid): unknown => ({ ...grid, values: [...grid.values] });
  return {
    texts,
    model: models.ce,
    logit: across.logit,
    logits: across.logits,
    heads: attention.layers.map((one) => ({ layer: one.layer, flows: one.flows })),
    layer,
    head,
    ...(grids ? { toDocument: plain(grids.toDocument), toQuery: plain(grids.toQuery) } : {}),
  };
}
