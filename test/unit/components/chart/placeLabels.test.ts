import { expect, test } from 'vitest';
import {
  type Box,
  type LabelledMark,
  placeLabels,
  sharedArea,
} from '../../../../src/components/chart/placeLabels.ts';

const area: Box = { x: 40, y: 18, width: 260, height: 260 };

/** No label covers another or a mark, and all are in the area. */
function expectApart(marks: readonly LabelledMark[]): void {
  const boxes = placeLabels(marks, area).map(({ box }) => box);
  for (const [at, box] of boxes.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(area.x);
    expect(box.x + box.width).toBeLessThanOrEqual(area.x + area.width);
    for (const other of boxes.slice(at + 1)) expect(sharedArea(box, other)).toBe(0);
    for (const { x, y } of marks) {
      expect(sharedArea(box, { x: x - 4, y: y - 4, width: 8, height: 8 })).toBe(0);
    }
  }
}

test('a name stands above its mark where there is room', () => {
  const [placed] = placeLabels([{ x: 150, y: 100, label: 'Baseline' }], area);
  expect(placed!.leader).toBeNull();
  expect(placed!.box.x + placed!.box.width / 2).toBeCloseTo(150, 9);
  expect(placed!.box.y + placed!.box.height).toBeLessThanOrEqual(95);
});

test('names of systems that cost nothing, all at the left edge, do not cover each other', () => {
  const free = ['Baseline', 'Static CE', 'Static CE, IDF', 'Static DE', 'Static DE, IDF', 'BM25', 'hybrid'];
  const marks = free.map((label, at) => ({ x: 40, y: 120 + 3 * at, label }));
  const trained = ['DE-2 CE', 'DE-2 DE', 'DE-2 Rand', 'DE-2 Margin-MSE', 'DE-2 Adaptive, layer 1'];
  expectApart([...marks, ...trained.map((label, at) => ({ x: 270, y: 140 + 6 * at, label }))]);
});

test('a name that is moved away has a line to its mark', () => {
  const marks = Array.from({ length: 6 }, (_, at) => ({ x: 40, y: 150, label: `system ${at}` }));
  expectApart(marks);
  const leaders = placeLabels(marks, area).flatMap(({ leader }) => leader ?? []);
  expect(leaders.length).toBeGreaterThan(2);
  for (const { from } of leaders) expect(from).toEqual({ x: 40, y: 150 });
});

test('more names than there is room for are all written, inside the area', () => {
  const marks = Array.from({ length: 80 }, (_, at) => ({ x: 100, y: 100, label: `a long name ${at}` }));
  const placed = placeLabels(marks, area);
  expect(placed.map(({ label }) => label)).toEqual(marks.map(({ label }) => label));
  for (const { box } of placed) expect(box.y + box.height).toBeLessThanOrEqual(area.y + area.height);
});
