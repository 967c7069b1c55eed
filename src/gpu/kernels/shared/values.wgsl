// Rows are walked in units of value: four columns at a time where their number allows it.
fn total(v: $value) -> f32 {
#if vector
  return dot(v, vec4f(1.0));
#else
  return v;
#end
}
