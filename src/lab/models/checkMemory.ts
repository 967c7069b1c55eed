/** What is known of models on what runs them. */
export interface CheckMemory<Check> {
  read(key: CheckKey): Promise<Check | null>;
  write(key: CheckKey, check: Check): Promise<void>;
}

export interface CheckKey {
  /** SHA-256 of the weights. */
  readonly model: string;
  /** What runs them. */
  readonly adapter: string;
}
