import { expect, test } from 'vitest';
import { Turns } from '../../../../src/components/chart/turns.ts';

/** Turns whose frames come when they are asked for. */
function framed(): { turns: Turns; frame(): void; drawn: string[]; draw(name: string): () => void } {
  let waiting: (() => void)[] = [];
  const drawn: string[] = [];
  return {
    turns: new Turns((callback) => waiting.push(callback)),
    frame() {
      const due = waiting;
      waiting = [];
      for (const callback of due) callback();
    },
    drawn,
    draw: (name) => () => void drawn.push(name),
  };
}

test('of charts that change at once, one is drawn now and one in each frame to come', () => {
  const { turns, frame, drawn, draw } = framed();
  for (const name of ['a', 'b', 'c']) turns.ask(draw(name));
  expect(drawn).toEqual(['a']);
  frame();
  expect(drawn).toEqual(['a', 'b']);
  frame();
  frame();
  expect(drawn).toEqual(['a', 'b', 'c']);
  turns.ask(draw('d'));
  expect(drawn).toEqual(['a', 'b', 'c', 'd']);
});

test('a chart that changes again while it waits keeps its place, and is drawn once', () => {
  const { turns, frame, drawn, draw } = framed();
  const [first, second, third] = ['a', 'b', 'c'].map(draw) as [() => void, () => void, () => void];
  for (const one of [first, second, third, second, third]) turns.ask(one);
  for (let i = 0; i < 5; i++) frame();
  expect(drawn).toEqual(['a', 'b', 'c']);
});

test('a chart that is gone is not drawn, and the next one takes its turn', () => {
  const { turns, frame, drawn, draw } = framed();
  const [first, second, third] = ['a', 'b', 'c'].map(draw) as [() => void, () => void, () => void];
  for (const one of [first, second, third]) turns.ask(one);
  turns.leave(second);
  frame();
  expect(drawn).toEqual(['a', 'c']);
});
