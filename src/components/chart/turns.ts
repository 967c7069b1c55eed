import { type ReactNode, useEffect, useRef, useState } from 'react';
import { nextFrame } from '../../base/nextFrame.ts';

/** Charts that wait, first come first drawn; one that changes again meanwhile keeps its place. */
const waiting = new Set<() => void>();
let taken = false;

/** Whether no chart has been drawn in this frame; then this one is. */
function takeTurn(): boolean {
  if (taken) return false;
  taken = true;
  nextFrame(nextTurn);
  return true;
}

function nextTurn(): void {
  taken = false;
  const [draw] = waiting;
  if (!draw) return;
  waiting.delete(draw);
  takeTurn();
  draw();
}

/**
 * What is drawn of a chart: of several that change at once, each is drawn in a frame of its own, so that ten of them do
 * not keep the page from answering.
 * @returns null until the first turn
 */
export function useTurn(chart: ReactNode): ReactNode {
  const [drawn, setDrawn] = useState(() => (takeTurn() ? chart : null));
  const latest = useRef(chart);
  const [draw] = useState(() => () => setDrawn(latest.current));
  useEffect(() => {
    latest.current = chart;
    if (drawn === chart || waiting.has(draw)) return;
    if (takeTurn()) draw();
    else waiting.add(draw);
  }, [drawn, chart, draw]);
  useEffect(() => () => void waiting.delete(draw), [draw]);
  return drawn;
}
