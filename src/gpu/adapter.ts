/** What WebGPU offers here. Software adapters are right but slow. */
export type AdapterProbe =
  | { readonly kind: 'none'; readonly description: string }
  | { readonly kind: 'software' | 'real'; readonly description: string; readonly adapter: GPUAdapter };

/** Adapters that run on the processor, some of which do not say so by `isFallbackAdapter`. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|warp/i;

/** @param gpu `navigator.gpu` of a page or worker; undefined where the browser has no WebGPU */
export async function probeAdapter(gpu: GPU | undefined): Promise<AdapterProbe> {
  if (!gpu) return { kind: 'none', description: 'this browser has no WebGPU' };
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return { kind: 'none', description: `WebGPU failed (${error instanceof Error ? error.message : error})` };
  }
  if (!adapter) return { kind: 'none', description: 'WebGPU has no adapter here' };
  const { vendor, architecture, device, description } = adapter.info;
  const name =
    [description, vendor, architecture, device].filter((part) => part).join(' ') || 'unnamed adapter';
  const software = adapter.info.isFallbackAdapter || softwareNames.test(name);
  return { kind: software ? 'software' : 'real', description: name, adapter };
}
