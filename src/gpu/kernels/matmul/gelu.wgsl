// Exact GELU, x Phi(x) with Phi(x) = (1 + erf(x / sqrt 2)) / 2, and its derivative Phi(x) + x phi(x).
// erf is the rational minimax approximation of Eigen and XLA (x P(x^2) / Q(x^2) on [-4, 4], a few units
// in the last place of float32).
fn erf4(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-4.0), vec4f(4.0));
  let s = c * c;
  var p = s * -2.72614225801306e-10 + 2.77068142495902e-8;
  p = p * s - 2.10102402082508e-6;
  p = p * s - 5.69250639462346e-5;
  p = p * s - 7.34990630326855e-4;
  p = p * s - 2.95459980854025e-3;
  p = p * s - 1.60960333262415e-2;
  var q = s * -1.45660718464996e-5 - 2.13374055278905e-4;
  q = q * s - 1.68282697438203e-3;
  q = q * s - 7.37332916720468e-3;
  q = q * s - 1.42647390514189e-2;
  return c * p / q;
}

fn normalCdf(x: vec4f) -> vec4f {
  return 0.5 + 0.5 * erf4(x * 0.7071067811865476);
}

fn gelu(x: vec4f) -> vec4f {
  return x * normalCdf(x);
}

fn geluSlope(x: vec4f) -> vec4f {
  return normalCdf(x) + x * exp(-0.5 * x * x) * 0.3989422804014327;
}
