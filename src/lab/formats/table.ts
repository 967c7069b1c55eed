/** A table to show or export; numbers keep their precision until they are written. */
export interface Table {
  readonly caption: string;
  /** Names in full, as a file has them. */
  readonly columns: readonly string[];
  /** On screen, where columns stand in groups. */
  readonly head?: TableHead;
  readonly rows: readonly (readonly Cell[])[];
}

/** Rows above the columns' names; together they say what `columns` say. */
export interface TableHead {
  /** From the outermost; the spans of a row add up to the columns. An empty label is no group. */
  readonly groups: readonly (readonly { readonly label: string; readonly span: number }[])[];
  /** The columns' names within their groups. */
  readonly columns: readonly string[];
}

export type Cell = string | number | null | MarkedNumber;

/** A number that stands out. */
export interface MarkedNumber {
  readonly value: number;
  /** The highest of those it is compared with. */
  readonly best: boolean;
  /** Its difference from a reference is significant; written as a dagger. */
  readonly significant: boolean;
}

export function isMarked(cell: Cell): cell is MarkedNumber {
  return typeof cell === 'object' && cell !== null;
}

/** What a cell is, without marks. */
export function plainCell(cell: Cell): string | number | null {
  return isMarked(cell) ? cell.value : cell;
}

/** As tables show numbers: whole ones as they are, others with three decimals, or the exponent that keeps them from 0. */
export function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (isMarked(cell)) return `${cell.value.toFixed(3)}${cell.significant ? '†' : ''}`;
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return 'n/a';
  if (Number.isInteger(cell)) return String(cell);
  return Math.abs(cell) < 0.0005 ? cell.toExponential(1) : cell.toFixed(3);
}

/** Full precision, quoted where a field holds a comma, a quote or a line end (RFC 4180). */
export function toCsv(table: Table): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: readonly Cell[]): string =>
    cells.map((cell) => quote(String(plainCell(cell) ?? ''))).join(',');
  return `${[table.columns, ...table.rows].map(line).join('\r\n')}\r\n`;
}

/** One object a row, by the columns' names; numbers that are none are null. */
export function toJson({ columns, rows }: Table): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, i) => [column, plainCell(row[i] ?? null)])),
  );
  return `${JSON.stringify(objects, null, 1)}\n`;
}

export function toMarkdown(table: Table): string {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `|${table.columns.map((_, index) => (index === 0 ? ' --- ' : ' ---: ')).join('|')}|`;
  const strong = (cell: Cell): string =>
    isMarked(cell) && cell.best ? `**${formatCell(cell)}**` : formatCell(cell);
  const body = table.rows.map((row) => line(row.map(strong)));
  return `${[`**${escaped(table.caption)}**`, '', line(table.columns), rule, ...body].join('\n')}\n`;
}

const latexSpecials: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** A booktabs table. */
export function toLatex(table: Table): string {
  const escaped = (text: string): string => text.replace(/[\\&%$#_{}~^]/g, (sign) => latexSpecials[sign]!);
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  const written = (cell: Cell): string => {
    if (!isMarked(cell)) return escaped(formatCell(cell));
    const number = cell.value.toFixed(3);
    return `${cell.best ? `\\textbf{${number}}` : number}${cell.significant ? '$^\\dagger$' : ''}`;
  };
  const columns = table.columns.map((_, index) => (index === 0 ? 'l' : 'r')).join('');
  return `${[
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${escaped(table.caption)}}`,
    `\\begin{tabular}{${columns}}`,
    '\\toprule',
    line(table.columns.map(escaped)),
    '\\midrule',
    ...table.rows.map((row) => line(row.map(written))),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')}\n`;
}
