import { useState } from 'react';
import {
  type Cell,
  formatCell,
  isMarked,
  plainCell,
  type Table,
  toCsv,
  toLatex,
  toMarkdown,
} from '../lab/formats/table.ts';
import { download, fileName } from './download.ts';

interface DataTableProps {
  readonly table: Table;
  /** Written into the CSV in its place, with every number there is. */
  readonly csv?: Table;
  /** Last rows that stay last however the table is sorted, as means. */
  readonly pinned?: number;
  /** Makes numbers buttons. */
  readonly onCell?: (row: readonly Cell[], column: number) => void;
}

/** Ascending, descending, or as given. */
interface Sorting {
  readonly column: number;
  readonly down: boolean;
}

/** Letters from which on a column's name may break, so that more columns are seen at once. */
const longName = 10;

/** A table to read, to sort and to keep. */
export function DataTable({ table, csv = table, pinned = 0, onCell }: DataTableProps) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const name = fileName(table.caption);
  const rows = sortedRows(table.rows, sorting, pinned);
  const shown = { ...table, rows };
  const starts = groupStarts(table.head);
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
            onClick={() => download(`${name}.md`, toMarkdown(shown), 'text/markdown')}
          >
            Markdown
          </button>
          <button
            type="button"
            className="small"
            onClick={() => download(`${name}.tex`, toLatex(shown), 'application/x-tex')}
          >
            LaTeX
          </button>
        </div>
      </div>
      {/* Wide tables scroll by themselves; the keyboard needs a focus to scroll from. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus */}
      <section className="table-scroll" tabIndex={0} aria-label={`${table.caption}, table`}>
        <table className={tableClass(table)}>
          <Head
            table={table}
            sorting={sorting}
            onSort={(column) => setSorting((was) => nextSorting(was, column))}
          />
          <tbody>
            {rows.map((row) => (
              <tr key={`${formatCell(row[0] ?? null)} ${formatCell(row[1] ?? null)}`}>
                {row.map((cell, index) =>
                  index === 0 ? (
                    <th key={table.columns[index]} scope="row">
                      {formatCell(cell)}
                    </th>
                  ) : (
                    <td
                      key={table.columns[index]}
                      className={classOf(typeof plainCell(cell) === 'number', starts.has(index))}
                    >
                      {onCell && typeof plainCell(cell) === 'number' ? (
                        <button type="button" className="cell" onClick={() => onCell(row, index)}>
                          <CellText cell={cell} />
                        </button>
                      ) : (
                        <CellText cell={cell} />
                      )}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface HeadProps {
  readonly table: Table;
  readonly sorting: Sorting | null;
  readonly onSort: (column: number) => void;
}

function Head({ table: { columns, head, rows }, sorting, onSort }: HeadProps) {
  const names = head?.columns ?? columns;
  const starts = groupStarts(head);
  return (
    <thead>
      {head?.groups.map((groups, depth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of groups have no other name
        <tr key={depth}>
          {groups.map(({ label, span }, index) =>
            label === '' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: empty places have no other name
              <td key={index} colSpan={span} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a label stands in several groups
              <th key={index} scope="colgroup" colSpan={span} className="group">
                {label}
              </th>
            ),
          )}
        </tr>
      ))}
      <tr>
        {columns.map((column, index) => (
          <th
            key={column}
            scope="col"
            className={classOf(isNumeric(rows, index), starts.has(index))}
            aria-sort={sortOf(sorting, index)}
          >
            <button
              type="button"
              className={head || column.length > longName ? 'sort long' : 'sort'}
              aria-label={head ? column : undefined}
              onClick={() => onSort(index)}
            >
              {names[index]}
              <span aria-hidden="true">{arrowOf(sorting, index)}</span>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Columns at which an innermost group begins, which a line sets apart. */
function groupStarts(head: Table['head']): ReadonlySet<number> {
  const starts = new Set<number>();
  let at = 0;
  for (const { span } of head?.groups.at(-1) ?? []) {
    if (at > 0) starts.add(at);
    at += span;
  }
  return starts;
}

function classOf(number: boolean, start: boolean): string | undefined {
  const names = [...(number ? ['number'] : []), ...(start ? ['group-start'] : [])];
  return names.length > 0 ? names.join(' ') : undefined;
}

function isNumeric(rows: Table['rows'], column: number): boolean {
  return rows.some((row) => typeof plainCell(row[column] ?? null) === 'number');
}

/** Columns from which on a grouped table is set small. */
const denseFrom = 16;

function tableClass({ head, columns }: Table): string | undefined {
  if (!head) return undefined;
  return columns.length < denseFrom ? 'grouped' : 'grouped dense';
}

function CellText({ cell }: { readonly cell: Cell }) {
  if (!isMarked(cell)) return formatCell(cell);
  const value = formatCell({ ...cell, significant: false });
  return (
    <>
      {cell.best ? <strong>{value}</strong> : value}
      {cell.significant ? <span className="mark">†</span> : null}
    </>
  );
}

/** Numbers are sorted from the highest first, then from the lowest, then as given. */
function nextSorting(was: Sorting | null, column: number): Sorting | null {
  if (was?.column !== column) return { column, down: true };
  return was.down ? { column, down: false } : null;
}

function sortedRows(rows: Table['rows'], sorting: Sorting | null, pinned: number): Table['rows'] {
  if (!sorting) return rows;
  const free = rows.slice(0, rows.length - pinned);
  const { column, down } = sorting;
  const sorted = free.toSorted((a, b) => {
    const [x, y] = [plainCell(a[column] ?? null), plainCell(b[column] ?? null)];
    // What is missing stands last either way.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order =
      typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en');
    return down ? -order : order;
  });
  return [...sorted, ...rows.slice(rows.length - pinned)];
}

function sortOf(sorting: Sorting | null, column: number): 'ascending' | 'descending' | undefined {
  if (sorting?.column !== column) return undefined;
  return sorting.down ? 'descending' : 'ascending';
}

function arrowOf(sorting: Sorting | null, column: number): string {
  const sort = sortOf(sorting, column);
  return sort === undefined ? '' : sort === 'ascending' ? ' ↑' : ' ↓';
}
