import './paperMark.css';

/** Stands beside every figure that the paper prints and the lab did not measure. */
export function PaperMark() {
  return <span className="paper-mark">the paper’s</span>;
}
