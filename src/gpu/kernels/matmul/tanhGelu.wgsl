// GELU by tanh, x Phi(x) with Phi(x) = (1 + tanh(z)) / 2 and z = sqrt(2 / pi) (x + 0.044715 x^3), and its derivative
// Phi(x) + 2 x z' Phi(x) Phi(-x). Phi is taken as 1 / (1 + e^(-2 z)), which keeps its digits where tanh is near -1.
fn tanhCdf(x: vec4f) -> vec4f {
  let z = 0.7978845608028654 * (x + 0.044715 * x * x * x);
  return 1.0 / (1.0 + exp(clamp(-2.0 * z, vec4f(-80.0), vec4f(80.0))));
}

fn gelu(x: vec4f) -> vec4f {
  return x * tanhCdf(x);
}

fn geluSlope(x: vec4f) -> vec4f {
  return tanhCdf(x) + 2.0 * x * tanhCdf(x) * tanhCdf(-x) * 0.7978845608028654 * (1.0 + 0.134145 * x * x);
}
