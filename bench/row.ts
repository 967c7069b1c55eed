/** One comparison, both sides measured in turn in one run. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly other: number;
  /** What the other is. */
  readonly against?: string;
  /** How many times better ours is; above 1 is better. */
  readonly ratio: number;
  readonly unit: string;
  readonly note?: string;
}

export type Log = (line: string) => void;
export type Bench = (log: Log) => Promise<BenchRow[]>;
