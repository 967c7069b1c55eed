/** A table to show or export; numbers keep their precision until they are written. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = string | number | null;

/** As tables show numbers: whole ones as they are, others with three decimals. */
export function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return 'n/a';
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(3);
}

/** Full precision, quoted where a field holds a comma, a quote or a line end (RFC 4180). */
export function toCsv(table: Table): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: readonly Cell[]): string => cells.map((cell) => quote(String(cell ?? ''))).join(',');
  return `${[table.columns, ...table.rows].map(line).join('\r\n')}\r\n`;
}

export function toMarkdown(table: Table): string {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `|${table.columns.map((_, index) => (index === 0 ? ' --- ' : ' ---: ')).join('|')}|`;
  const body = table.rows.map((row) => line(row.map(formatCell)));
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
  const line = (cells: readonly string[]): string => `${cells.map(escaped).join(' & ')} \\\\`;
  const columns = table.columns.map((_, index) => (index === 0 ? 'l' : 'r')).join('');
  return `${[
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${escaped(table.caption)}}`,
    `\\begin{tabular}{${columns}}`,
    '\\toprule',
    line(table.columns),
    '\\midrule',
    ...table.rows.map((row) => line(row.map(formatCell))),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')}\n`;
}
