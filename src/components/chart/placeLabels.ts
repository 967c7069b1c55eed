export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

export interface LabelledMark extends Place {
  readonly label: string;
}

export interface PlacedLabel {
  readonly label: string;
  /** Of the text, whose left edge and top are the box's. */
  readonly box: Box;
  /** From the mark to a text that does not stand beside it; null for one that does. */
  readonly leader: { readonly from: Place; readonly to: Place } | null;
}

const lineHeight = 14;
/** Of the axis text's 12 pixels; wide rather than narrow, since the font is the visitor's. */
const characterWidth = 6.6;
const markRadius = 5;
const gap = 3;
/** Lines up and down that a label may be moved, and pixels aside. */
const mostLines = 16;
const asides = [0, 24, 64] as const;

/**
 * Where names of marks are written so that none covers another or a mark, in pixels: beside its mark where there is
 * room, else some lines up or down, with a leader. Where there is no room at all, where it covers least.
 */
export function placeLabels(marks: readonly LabelledMark[], area: Box): PlacedLabel[] {
  const taken: Box[] = marks.map(({ x, y }) => ({
    x: x - markRadius,
    y: y - markRadius,
    width: 2 * markRadius,
    height: 2 * markRadius,
  }));
  // From the top down, so that a crowd's labels keep the order of its marks.
  const order = [...marks.keys()].sort((a, b) => marks[a]!.y - marks[b]!.y || marks[a]!.x - marks[b]!.x);
  const placed = new Map<number, PlacedLabel>();
  for (const at of order) {
    const { label, ...mark } = marks[at]!;
    const width = characterWidth * label.length;
    const options = places(mark, width).filter(({ box }) => isInside(box, area));
    const covers = ({ box }: { box: Box }): number =>
      taken.reduce((sum, other) => sum + sharedArea(box, other), 0);
    const free = options.find((option) => covers(option) === 0);
    const best = free ?? options.sort((a, b) => covers(a) - covers(b))[0] ?? places(mark, width)[0]!;
    taken.push(best.box);
    placed.set(at, {
      label,
      box: best.box,
      leader: best.isBeside ? null : { from: mark, to: nearestEdge(best.box, mark) },
    });
  }
  return marks.map((_, at) => placed.get(at)!);
}

/** Boxes of a label of that width, those nearest to its mark first. */
function places({ x, y }: Place, width: number): { box: Box; isBeside: boolean }[] {
  const boxAt = (left: number, middle: number): Box => ({
    x: left,
    y: middle - lineHeight / 2,
    width,
    height: lineHeight,
  });
  const off = markRadius + gap;
  const over = markRadius + lineHeight / 2;
  const beside = [
    boxAt(x - width / 2, y - over),
    boxAt(x + off, y),
    boxAt(x - off - width, y),
    boxAt(x - width / 2, y + over),
  ].map((box) => ({ box, isBeside: true }));
  const moved = Array.from({ length: mostLines }, (_, line) => line + 1).flatMap((line) =>
    asides.flatMap((aside) =>
      [-line, line].flatMap((lines) =>
        [x + off + aside, x - off - aside - width].map((left) => ({
          box: boxAt(left, y + lines * lineHeight),
          isBeside: false,
        })),
      ),
    ),
  );
  return [...beside, ...moved];
}

function nearestEdge(box: Box, { x }: Place): Place {
  return { x: x <= box.x ? box.x - 1 : box.x + box.width + 1, y: box.y + box.height / 2 };
}

function isInside(box: Box, area: Box): boolean {
  return (
    box.x >= area.x &&
    box.y >= area.y &&
    box.x + box.width <= area.x + area.width &&
    box.y + box.height <= area.y + area.height
  );
}

export function sharedArea(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}
