import type { Area } from '../../../state/map.ts';
import { type Placement, toPicture } from './mapPlace.ts';
import { type PointLook, paintPoints } from './paintPoints.ts';

/** What a map shows. */
export interface MapScene {
  /** (N, 2) in units of the map. */
  readonly points: Float64Array;
  readonly place: Placement;
  readonly order: Uint32Array;
  readonly groups: Uint8Array;
  /** Radii in CSS pixels. */
  readonly looks: readonly PointLook[];
  /** Row that is ringed. */
  readonly ringed: number | null;
  readonly area: Area | null;
  /** Colour of the ring and the area. */
  readonly ink: string;
}

/** Milliseconds that points take from one layer to the next. */
const moveTime = 700;

/** Draws a map on a canvas, and moves its points from where they are to where they should be. */
export class MapPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #scene: MapScene | null = null;
  #shown = new Float64Array();
  #from: Float64Array = this.#shown;
  #image: ImageData | null = null;
  #begun = 0;
  #frame = 0;

  /** @throws Error where the browser gives no canvas */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no canvas to draw the map on.');
    this.#canvas = canvas;
    this.#context = context;
  }

  /** @param moving whether points move to new places, where there are as many as before, or are there at once */
  show(scene: MapScene, moving: boolean): void {
    const before = this.#scene;
    this.#scene = scene;
    if (before?.points !== scene.points) {
      const moves = moving && this.#shown.length === scene.points.length;
      this.#from = moves ? this.#shown.slice() : scene.points;
      if (!moves) this.#shown = Float64Array.from(scene.points);
      this.#begun = moves ? performance.now() : Number.NEGATIVE_INFINITY;
    }
    this.#ask();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  #ask(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const scene = this.#scene;
    if (!scene) return;
    const share = Math.min(1, (performance.now() - this.#begun) / moveTime);
    const eased = share * share * (3 - 2 * share);
    for (let at = 0; at < this.#shown.length; at++) {
      this.#shown[at] = this.#from[at]! + (scene.points[at]! - this.#from[at]!) * eased;
    }
    this.#paint(scene);
    if (share < 1) this.#ask();
  }

  #paint({ place, order, groups, looks, ringed, area, ink }: MapScene): void {
    const context = this.#context;
    const ratio = this.#canvas.width / place.width;
    const { width, height } = this.#canvas;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = context.createImageData(width, height);
    }
    const values = new Uint32Array(this.#image.data.buffer);
    values.fill(0);
    const positions = new Float32Array(this.#shown.length);
    const scale = place.scale * ratio;
    for (let at = 0; at < positions.length; at += 2) {
      positions[at] = width / 2 + (this.#shown[at]! - place.x) * scale;
      positions[at + 1] = height / 2 - (this.#shown[at + 1]! - place.y) * scale;
    }
    const scaled = looks.map((look) => ({ ...look, radius: look.radius * ratio }));
    paintPoints({ width, height, values }, positions, order, groups, scaled);
    context.putImageData(this.#image, 0, 0);
    context.save();
    context.scale(ratio, ratio);
    context.strokeStyle = ink;
    context.lineWidth = 2;
    if (ringed !== null && 2 * ringed < this.#shown.length) {
      const [x, y] = toPicture(place, this.#shown[2 * ringed]!, this.#shown[2 * ringed + 1]!);
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.stroke();
    }
    if (area) {
      const [left, top] = toPicture(place, area.left, area.top);
      const [right, bottom] = toPicture(place, area.right, area.bottom);
      context.setLineDash([5, 4]);
      context.strokeRect(left, top, right - left, bottom - top);
    }
    context.restore();
  }
}
