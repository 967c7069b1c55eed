import { startTransition, useEffect, useState } from 'react';

/** Milliseconds after which a value that has not changed again is taken; a practised typist's next key comes sooner. */
const settleMs = 200;

/**
 * Follows a value once it has stood still for a moment; from nothing, and to nothing, at once.
 * What takes long to draw would otherwise be drawn while the processor has the next value to work out.
 */
export function useSettled<T>(value: T | null): T | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const wait = value === null || settled === null ? 0 : settleMs;
    const timer = setTimeout(() => startTransition(() => setSettled(value)), wait);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return value === null ? null : settled;
}
