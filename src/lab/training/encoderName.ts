/**
 * Name of a parameter without the prefix of its model (`bert.`, `0.auto_model.`, none), LayerNorm's as
 * PyTorch calls them; null for what is no part of an encoder, as a classifier's head.
 */
export function encoderName(name: string): string | null {
  const found = /(?:^|\.)((?:embeddings|encoder\.layer)\..+)$/.exec(name)?.[1];
  return (
    found?.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias') ??
    null
  );
}
