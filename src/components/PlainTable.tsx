import './plainTable.css';
import { formatCell, plainCell, type Table } from '../lab/formats/table.ts';

/**
 * A small table to read, that needs neither sorting nor keeping.
 * @param of what it is of, where a page has several of one caption
 */
export function PlainTable({ table, of = table.caption }: { readonly table: Table; readonly of?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus
    <section className="table-scroll" tabIndex={0} aria-label={`${of}, table`}>
      <table className="plain-table">
        <caption className="visually-hidden">{table.caption}</caption>
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
          {table.rows.map((row) => (
            <tr key={formatCell(row[0] ?? null)}>
              {row.map((cell, index) =>
                index === 0 ? (
                  <th key={table.columns[index]} scope="row">
                    {formatCell(cell)}
                  </th>
                ) : (
                  <td
                    key={table.columns[index]}
                    // Figures come as text where their decimals are part of what they say.
                    className={
                      Number.isNaN(Number.parseFloat(String(plainCell(cell)).replace('−', '-')))
                        ? undefined
                        : 'number'
                    }
                  >
                    {formatCell(cell)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
