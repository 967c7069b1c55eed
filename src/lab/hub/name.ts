export const defaultHub = 'https://huggingface.co';

export interface HubName {
  readonly repository: string;
  readonly revision: string;
}

/** Splits `OWNER/NAME@REVISION`; without a revision it is `main`. */
export function parseHubName(name: string): HubName {
  const at = name.indexOf('@');
  return at < 0
    ? { repository: name, revision: 'main' }
    : { repository: name.slice(0, at), revision: name.slice(at + 1) };
}

/** MiniLM models are on the hub as `…-L-12-v2` and, renamed, as `…-L12-v2`. @returns the other, or null */
export function otherSpelling(repository: string): string | null {
  const other = repository.replace(/-L(-?)(\d+)-/, (_, hyphen: string, layers: string) =>
    hyphen === '' ? `-L-${layers}-` : `-L${layers}-`,
  );
  return other === repository ? null : other;
}
