import type { Grouped, PointGroup } from './mapGroups.ts';
import { type Placement, toPicture } from './mapPlace.ts';
import { paintOrder } from './paintPoints.ts';

export interface SvgMap {
  readonly title: string;
  readonly points: ArrayLike<number>;
  readonly place: Placement;
  readonly grouped: Grouped;
  /** What each group's colour comes to. */
  readonly colours: readonly string[];
}

const head = 34;
const line = 20;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function mark({ shape, radius }: PointGroup, x: number, y: number): string {
  if (shape === 'disc') return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}"/>`;
  return `<path d="M${x.toFixed(1)} ${(y - radius).toFixed(1)}l${radius} ${radius}l${-radius} ${radius}l${-radius} ${-radius}z"/>`;
}

/** An SVG as text, and its size in its own units. */
export interface SvgText {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** A map with its title and a legend, on white. */
export function mapSvg({ title, points, place, grouped, colours }: SvgMap): SvgText {
  const { groups, of } = grouped;
  const marks: string[][] = groups.map(() => []);
  for (const row of paintOrder(of)) {
    const [x, y] = toPicture(place, points[2 * row]!, points[2 * row + 1]!);
    // Of a part of a map only what lies in it.
    if (x < 0 || x > place.width || y < 0 || y > place.height) continue;
    marks[of[row]!]!.push(mark(groups[of[row]!]!, x, y + head));
  }
  const shown = groups.flatMap((group, index) =>
    group.count > 0 ? [{ group, colour: colours[index]! }] : [],
  );
  const height = place.height + head + line * (shown.length + 1);
  const legend = shown.map(({ group, colour }, index) => {
    const y = place.height + head + line * (index + 1);
    return `<g fill="${colour}">${mark({ ...group, radius: 5 }, 22, y - 4)}</g><text x="36" y="${y}" font-size="12">${escaped(`${group.name} (${group.count})`)}</text>`;
  });
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${place.width}" height="${height}" viewBox="0 0 ${place.width} ${height}" font-family="system-ui, sans-serif">`,
    `<rect width="${place.width}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="22" font-size="15" font-weight="bold" fill="#1b1b1f">${escaped(title)}</text>`,
    ...marks.map((some, index) => `<g fill="${colours[index]}">${some.join('')}</g>`),
    ...legend,
    '</svg>',
  ];
  return { text: lines.join('\n'), width: place.width, height };
}
