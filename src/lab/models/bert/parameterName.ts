/**
 * Name of a parameter without the prefix of its model (`bert.`, `roberta.`, `0.auto_model.`, none), LayerNorm's as
 * PyTorch calls them; a classifier's head is `pooler.dense` and `classifier`. null for what is no part of either.
 */
export function encoderName(name: string): string | null {
  const found =
    /(?:^|\.)((?:embeddings|embeddings_project|encoder\.layer|pooler\.dense|classifier)\..+)$/.exec(
      name,
    )?.[1];
  return (
    found?.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias') ??
    null
  );
}
