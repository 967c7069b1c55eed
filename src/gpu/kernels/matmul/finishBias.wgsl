fn finishBias(row: u32, plane: u32, sum: f32) {
  if (row >= u.rows) { return; }
  // Softmax does not see a key's bias: that gradient is exactly 0, and rounding would only blur it.
  var v = select(sum, 0.0, row >= u.zeroFrom && row < u.zeroTo);
  let at = plane * u.rows + row;
  if (u.accumulate != 0u) { v += biasGradient[at]; }
  biasGradient[at] = v;
}
