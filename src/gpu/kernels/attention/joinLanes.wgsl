  // What the lanes of a token and head have found of their own keys, brought to one maximum and added.
  let top = maxOfRow(highest, local);
  let rise = exp(highest - top);
  highest = top;
  weight = sumOfRow(vec4f(weight * rise), local).x;
#for I quads
  sum$I = sumOfRow(sum$I * rise, local);
#end
