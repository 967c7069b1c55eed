import { type ReactNode, useEffect, useRef, useState } from 'react';
import { nextFrame } from '../../base/nextFrame.ts';
import { Turns } from './turns.ts';

const turns = new Turns(nextFrame);

/**
 * What is drawn of a chart: of several that change at once, each is drawn in a frame of its own, so that ten of them do
 * not keep the page from answering.
 * @returns null until the first turn
 */
export function useTurn(chart: ReactNode): ReactNode {
  const [drawn, setDrawn] = useState(() => (turns.take() ? chart : null));
  const latest = useRef(chart);
  const [draw] = useState(() => () => setDrawn(latest.current));
  useEffect(() => {
    latest.current = chart;
    if (drawn !== chart) turns.ask(draw);
  }, [drawn, chart, draw]);
  useEffect(() => () => turns.leave(draw), [draw]);
  return drawn;
}
