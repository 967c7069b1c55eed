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
