import { expect, it } from 'vitest';
import { kindGroups, relevanceGroups } from '../../../../../src/views/explore/map/mapGroups.ts';
import { mapSvg } from '../../../../../src/views/explore/map/mapSvg.ts';

const place = { width: 100, height: 60, scale: 10, x: 0, y: 0 };

it('draws every point, and a legend of the groups that have some', () => {
  const { text: svg } = mapSvg({
    title: 'Layer 1 of <CE>',
    points: [0, 0, 1, -1, 2, 2],
    place,
    grouped: kindGroups({ documents: 2, queries: 1 }),
    colours: ['rgb(1, 2, 3)', 'rgb(4, 5, 6)'],
  });
  expect(svg).toContain('Layer 1 of &lt;CE&gt;');
  expect(svg).toContain('<circle cx="60.0" cy="74.0" r="3"/>');
  expect(svg).toContain('documents (2)');
  expect(svg).toContain('queries (1)');
  expect(svg.match(/<circle/g)).toHaveLength(2 + 1);
});

it('draws of an enlarged map what lies in the picture', () => {
  const { text: svg } = mapSvg({
    title: '',
    points: [0, 0, 7, 0],
    place: { ...place, x: 6 },
    grouped: kindGroups({ documents: 2, queries: 0 }),
    colours: ['a', 'b'],
  });
  // One point, and the legend's.
  expect(svg.match(/<circle/g)).toHaveLength(1 + 1);
  expect(svg).toContain('<circle cx="60.0" cy="64.0" r="3"/>');
});

it('leaves a group without points out of the legend', () => {
  const grouped = relevanceGroups({ documents: 3, queries: 2 }, 1, [2]);
  expect([...grouped.of]).toEqual([0, 0, 2, 1, 3]);
  const none = relevanceGroups({ documents: 1, queries: 0 }, null, []);
  const { text: svg } = mapSvg({
    title: '',
    points: [0, 0],
    place,
    grouped: none,
    colours: ['a', 'b', 'c', 'd'],
  });
  expect(svg).toContain('other documents (1)');
  expect(svg).not.toContain('the query');
});
