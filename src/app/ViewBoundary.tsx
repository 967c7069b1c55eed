import { Component, type ReactNode } from 'react';
import { sentenceOf } from '../base/userError.ts';
import { Problem } from '../components/Problem.tsx';

interface ViewBoundaryProps {
  /** What the page is called. */
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps a fault within its page: header, other pages and a run that goes on stay. To be keyed by the page. */
export class ViewBoundary extends Component<ViewBoundaryProps, { readonly fault: unknown }> {
  override state = { fault: null };

  static getDerivedStateFromError(fault: unknown): { readonly fault: unknown } {
    return { fault: fault ?? new Error('unknown') };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <Problem>
        The page “{this.props.name}” cannot be drawn ({sentenceOf(fault)}). Choose another page, or reload
        this one.{' '}
        <button type="button" className="small" onClick={() => location.reload()}>
          Reload
        </button>
      </Problem>
    );
  }
}
