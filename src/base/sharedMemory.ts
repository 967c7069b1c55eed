let known: boolean | null = null;

/**
 * Whether workers can share memory, which takes a cross-origin isolated page; and more than that: WebKitGTK says that a
 * page is isolated, and still hands no shared memory to a worker.
 */
export function sharesMemory(): boolean {
  known ??= crossOriginIsolated && isHandedOn();
  return known;
}

function isHandedOn(): boolean {
  const { port1 } = new MessageChannel();
  try {
    port1.postMessage(new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }));
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
  }
}
