/** Keystrokes apart by less than this are one change. */
const settleMs = 250;

/** Puts work off until nothing has asked for it for a moment. */
export function debounced(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, settleMs);
  };
}
