/** Calls `make` once for each row of arguments, told apart by identity; looking up builds no key. */
export function remembered<A extends readonly unknown[], R>(make: (...given: A) => R): (...given: A) => R {
  const root = new Map<unknown, unknown>();
  return (...given) => {
    let level = root;
    for (const one of given.slice(0, -1)) {
      let next = level.get(one) as Map<unknown, unknown> | undefined;
      if (!next) {
        next = new Map();
        level.set(one, next);
      }
      level = next;
    }
    const last = given.at(-1);
    if (!level.has(last)) level.set(last, make(...given));
    return level.get(last) as R;
  };
}
