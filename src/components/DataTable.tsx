import { formatCell, type Table, toCsv, toLatex, toMarkdown } from '../lab/formats/table.ts';
import { download, fileName } from './download.ts';

interface DataTableProps {
  readonly table: Table;
  /** Written into the CSV in its place, with every number there is. */
  readonly csv?: Table;
  /** Columns of a row that stand out, as the best of theirs. */
  readonly marked?: (row: Table['rows'][number]) => ReadonlySet<number>;
}

const none: ReadonlySet<number> = new Set();

/** A table to read and to keep. */
export function DataTable({ table, csv = table, marked }: DataTableProps) {
  const name = fileName(table.caption);
  return (
    <div className="data-table">
      <div className="figure-head">
        <h3>{table.caption}</h3>
        <div className="button-row">
          <button
            type="button"
            className="small"
            onClick={() => download(`${name}.csv`, toCsv(csv), 'text/csv')}
          >
            CSV
          </button>
          <button
            type="button"
            className="small"
            onClick={() => download(`${name}.md`, toMarkdown(table), 'text/markdown')}
          >
            Markdown
          </button>
          <button
            type="button"
            className="small"
            onClick={() => download(`${name}.tex`, toLatex(table), 'application/x-tex')}
          >
            LaTeX
          </button>
        </div>
      </div>
      {/* Wide tables scroll by themselves; the keyboard needs a focus to scroll from. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus */}
      <section className="table-scroll" tabIndex={0} aria-label={`${table.caption}, table`}>
        <table>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => {
              const best = marked?.(row) ?? none;
              return (
                <tr key={`${row[0]} ${row[1]}`}>
                  {row.map((cell, index) =>
                    index === 0 ? (
                      <th key={table.columns[index]} scope="row">
                        {formatCell(cell)}
                      </th>
                    ) : (
                      <td
                        key={table.columns[index]}
                        className={typeof cell === 'number' ? 'number' : undefined}
                      >
                        {best.has(index) ? <strong>{formatCell(cell)}</strong> : formatCell(cell)}
                      </td>
                    ),
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}
