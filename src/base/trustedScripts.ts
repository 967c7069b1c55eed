interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScript(text: string): string; createScriptURL(address: string): string },
  ): unknown;
}

/**
 * The page's policy asks for Trusted Types: no text becomes markup or a script. Workers are started from
 * addresses, by us and by the runtime for its threads; those of the page's own origin are let through.
 * Called once in the page and in each worker; browsers without Trusted Types have nothing to ask.
 */
export function trustOwnScripts(): void {
  const { trustedTypes, location } = globalThis as {
    readonly trustedTypes?: TrustedTypes;
    readonly location: { readonly href: string; readonly origin: string };
  };
  trustedTypes?.createPolicy('default', {
    // Refused by `script-src` in any case; libraries that ask whether there is `eval` get that answer.
    createScript: (text) => text,
    createScriptURL(address) {
      // A blob's origin is that of the page that made it.
      const { origin } = new URL(address, location.href);
      if (origin === location.origin) return address;
      throw new TypeError(`Scripts come from ${location.origin} alone, not from ${origin}.`);
    },
  });
}
