// AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch writes it:
//   w -= lr decay w;  m += (g - m)(1 - b1);  v = b2 v + (1 - b2) g²;
//   w -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)
fn adamw(i: u32, g: $value) {
  var w = weights[i];
  if (i < u.decayed) { w *= 1.0 - u.learningRate * u.decay; }
  let m = mean[i] + (g - mean[i]) * u.rate1;
  let v = square[i] * u.beta2 + g * g * u.rate2;
  mean[i] = m;
  square[i] = v;
  weights[i] = w - u.stepSize * m / (sqrt(v) / u.correction + u.epsilon);
}
