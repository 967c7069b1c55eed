import { type ReactNode, useMemo } from 'react';
import { useTurn } from './useTurn.ts';

interface PanelFrameProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

/** One chart of several, with its collection's name. */
export function PanelFrame({ title, note, children }: PanelFrameProps) {
  const whole = useMemo(
    () => (
      <>
        <h4>{title}</h4>
        <p className="quiet">{note}</p>
        {children}
      </>
    ),
    [title, note, children],
  );
  const drawn = useTurn(whole);
  return (
    <div className="panel" data-panel-title={title}>
      {drawn ?? <div className="panel-to-come" />}
    </div>
  );
}
