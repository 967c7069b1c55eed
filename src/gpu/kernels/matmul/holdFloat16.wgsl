// Rounded to float16, by a device that has the type.
enable f16;
alias Held = vec4h;
fn hold(v: vec4f) -> Held { return vec4h(v); }
fn held(v: Held) -> vec4f { return vec4f(v); }
