/** Features that kernels use where they are, and never need. */
const wanted: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * A device with all that its adapter offers: the limits are the adapter's own (the defaults hold a
 * binding to 128 MiB), and of the features those that kernels can use.
 */
export async function requestFullDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  // The limits are getters of the prototype; not every one of them may be asked for in every browser.
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') requiredLimits[name] = value;
  }
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  return await adapter.requestDevice({ requiredLimits, requiredFeatures });
}
