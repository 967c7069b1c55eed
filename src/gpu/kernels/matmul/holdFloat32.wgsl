alias Held = vec4f;
fn hold(v: vec4f) -> Held { return v; }
fn held(v: Held) -> vec4f { return v; }
