import { isCancelled, isUserError } from '../src/base/userError.ts';

/** The exit status of what was thrown: 1 for what a user must mend, 75 (`EX_TEMPFAIL`) for what may be over next time. */
export function statusOf(error: unknown): 1 | 75 {
  return isUserError(error) || isCancelled(error) || isUsage(error) ? 1 : 75;
}

/** Whether Node's own reading of the options refused them. */
function isUsage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
