import { type ReactNode, useState } from 'react';

interface SettingsCardProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Settings that fold away; on a narrow screen they start folded, so that results come first. */
export function SettingsCard({ title, children }: SettingsCardProps) {
  const [open, setOpen] = useState(() => matchMedia('(min-width: 60rem)').matches);
  return (
    <details
      className="card settings"
      open={open}
      onToggle={(event) => setOpen((event.target as HTMLDetailsElement).open)}
    >
      <summary>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  );
}
