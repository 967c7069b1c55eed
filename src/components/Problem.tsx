import type { ReactNode } from 'react';

interface ProblemProps {
  readonly children: ReactNode;
  /** For `aria-describedby`. */
  readonly id?: string;
  /** Puts the sentence away once it is read; without it the sentence stays until its cause is gone. */
  readonly onDismiss?: () => void;
}

/** What went wrong, in one sentence, announced by screen readers. */
export function Problem({ children, id, onDismiss }: ProblemProps) {
  return (
    <p className="problem" role="alert" id={id}>
      {children}
      {onDismiss ? (
        <>
          {' '}
          <button type="button" className="small" onClick={onDismiss}>
            Dismiss
          </button>
        </>
      ) : null}
    </p>
  );
}
