/**
 * What the browser grants the page and how much of it is taken, as far as it says. WebKitGTK has no
 * `navigator.storage`, nor has any browser on a page that came neither over https nor from this machine.
 */
async function storageEstimate(): Promise<StorageEstimate> {
  const storage = navigator.storage as StorageManager | undefined;
  return (await storage?.estimate()) ?? {};
}

/** Bytes that the browser still grants the page; null where it does not say. */
export async function roomLeft(): Promise<number | null> {
  const { quota, usage } = await storageEstimate();
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}
