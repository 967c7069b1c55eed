#include "dropout"

// Dropout factors of one unit of value in a token's row; `key` is the token's.
fn factors(key: u32, unit: u32) -> $value {
#if vector
  return dropoutFactors(vec4u(key, unit, u.dropoutSite, u.dropoutKey));
#else
  return dropoutFactors(vec4u(key, unit / 4u, u.dropoutSite, u.dropoutKey))[unit % 4u];
#end
}
