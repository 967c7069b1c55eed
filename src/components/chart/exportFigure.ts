const svgNamespace = 'http://www.w3.org/2000/svg';

/** What a stylesheet sets on a chart; an exported file has no stylesheet, so it is written out. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/** A line of the legend; the colour is a variable of the stylesheet, `var(--name)`. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly dash: string | undefined;
}

const margin = 16;
const headHeight = 54;
const panelTitleHeight = 20;

/**
 * One SVG of every chart in a figure, laid out as on the page, with titles and a legend of its own:
 * recharts draws neither inside its SVG. Always in the light theme, for paper.
 * @param figure holds charts, each inside an element with `data-panel-title`
 */
export function figureToSvg(
  figure: HTMLElement,
  title: string,
  legend: readonly LegendEntry[],
): SVGSVGElement {
  const before = figure.dataset.theme;
  figure.dataset.theme = 'light';
  try {
    const charts = [...figure.querySelectorAll<SVGSVGElement>('svg.recharts-surface, svg[data-chart]')];
    const boxes = charts.map((chart) => chart.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left));
    const top = Math.min(...boxes.map((box) => box.top));
    const width = Math.max(...boxes.map((box) => box.right)) - left + 2 * margin;
    const height = Math.max(...boxes.map((box) => box.bottom)) - top + headHeight + panelTitleHeight + margin;
    const out = document.createElementNS(svgNamespace, 'svg');
    set(out, { xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` });
    out.append(make('rect', { width, height, fill: '#ffffff' }));
    out.append(text(title, margin, 22, 15, 'bold'));
    drawLegend(out, legend, figure);
    for (const [index, chart] of charts.entries()) {
      const box = boxes[index]!;
      const x = box.left - left + margin;
      const y = box.top - top + headHeight + panelTitleHeight;
      const copy = copyOf(chart);
      set(copy, { x, y, width: box.width, height: box.height });
      const name = chart.closest<HTMLElement>('[data-panel-title]')?.dataset.panelTitle;
      if (name) out.append(text(name, x, y - 6, 12, 'bold'));
      out.append(copy);
    }
    return out;
  } finally {
    if (before === undefined) delete figure.dataset.theme;
    else figure.dataset.theme = before;
  }
}

/** One SVG of several that {@link figureToSvg} made, in two columns that are filled evenly. */
export function sheetOf(figures: readonly SVGSVGElement[], title: string): SVGSVGElement {
  const sizes = figures.map((figure) => ({
    width: Number(figure.getAttribute('width')),
    height: Number(figure.getAttribute('height')),
  }));
  const columns = [0, 1].map(() => ({ width: 0, height: 0, parts: [] as SVGSVGElement[] }));
  for (const [index, figure] of figures.entries()) {
    const column = columns[0]!.height <= columns[1]!.height ? columns[0]! : columns[1]!;
    set(figure, { y: column.height + 2 * margin });
    column.parts.push(figure);
    column.width = Math.max(column.width, sizes[index]!.width);
    column.height += sizes[index]!.height;
  }
  const width = columns[0]!.width + columns[1]!.width;
  const height = Math.max(...columns.map((column) => column.height)) + 3 * margin;
  const out = document.createElementNS(svgNamespace, 'svg');
  set(out, { xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` });
  out.append(make('rect', { width, height, fill: '#ffffff' }), text(title, margin, 24, 16, 'bold'));
  for (const part of columns[1]!.parts) set(part, { x: columns[0]!.width });
  out.append(...columns.flatMap(({ parts }) => parts));
  return out;
}

export function svgBlob(svg: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
}

/** @param scale pixels a unit of the SVG */
export async function pngBlob(svg: SVGSVGElement, scale = 3): Promise<Blob> {
  return await pngOfText(new XMLSerializer().serializeToString(svg), {
    width: Number(svg.getAttribute('width')),
    height: Number(svg.getAttribute('height')),
    scale,
  });
}

/** @param size of the SVG in its own units, and pixels a unit */
export async function pngOfText(
  svg: string,
  { width, height, scale }: { readonly width: number; readonly height: number; readonly scale: number },
): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw the PNG on; export SVG.');
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The PNG could not be made; export SVG.'));
    }, 'image/png'),
  );
}

function drawLegend(out: SVGSVGElement, legend: readonly LegendEntry[], figure: HTMLElement): void {
  // What a colour comes to inside the figure is known by painting something with it.
  const probe = document.createElement('span');
  figure.append(probe);
  let x = margin;
  const y = 42;
  for (const { name, colour, dash } of legend) {
    probe.style.color = colour;
    out.append(
      make('line', {
        x1: x,
        y1: y - 4,
        x2: x + 26,
        y2: y - 4,
        stroke: getComputedStyle(probe).color,
        'stroke-width': 2,
        'stroke-dasharray': dash ?? 'none',
      }),
      text(name, x + 32, y, 12, 'normal'),
    );
    x += 32 + name.length * 6.4 + 20;
  }
  probe.remove();
}

/** A copy that looks alike without the page's stylesheet, and without what only hovering shows. */
function copyOf(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of originals.entries()) {
    const style = getComputedStyle(original);
    const target = copies[index]!;
    for (const property of properties) target.setAttribute(property, style.getPropertyValue(property));
    target.removeAttribute('class');
    target.removeAttribute('style');
    target.removeAttribute('tabindex');
    if (original.matches('.recharts-tooltip-cursor, .recharts-active-dot, .chart-cursor')) target.remove();
  }
  return copy;
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(svgNamespace, name);
  set(element, attributes);
  return element;
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

function text(content: string, x: number, y: number, size: number, weight: string): SVGElement {
  const element = make('text', {
    x,
    y,
    'font-family': 'system-ui, sans-serif',
    'font-size': size,
    'font-weight': weight,
    fill: '#1b1b1f',
  });
  element.textContent = content;
  return element;
}
