import type { ReactNode } from 'react';

interface PanelFrameProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

/** One chart of several, with its collection's name. */
export function PanelFrame({ title, note, children }: PanelFrameProps) {
  return (
    <div className="panel" data-panel-title={title}>
      <h4>{title}</h4>
      <p className="quiet">{note}</p>
      {children}
    </div>
  );
}
