import type { PointGroup } from './mapGroups.ts';
import type { PointLook } from './paintPoints.ts';

/** What a colour of the stylesheet comes to inside an element, as `rgb(r, g, b)`. */
export function colourIn(element: Element, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Groups as they are painted inside an element, whose theme decides on colours. */
export function looksIn(element: Element, groups: readonly PointGroup[]): PointLook[] {
  return groups.map(({ colour, shape, radius }) => ({
    shape,
    radius,
    pixel: pixelOf(colourIn(element, colour)),
  }));
}

/** An opaque pixel as a canvas holds it in memory: red first, on machines that put the low byte first. */
function pixelOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
