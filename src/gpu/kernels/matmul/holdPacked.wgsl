// Rounded to float16, two to a word, by a device that has no such type.
alias Held = vec2u;
fn hold(v: vec4f) -> Held { return vec2u(pack2x16float(v.xy), pack2x16float(v.zw)); }
fn held(v: Held) -> vec4f { return vec4f(unpack2x16float(v.x), unpack2x16float(v.y)); }
