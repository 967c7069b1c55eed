  // The block of C that this workgroup makes, its part of the depth, and the sums that each invocation holds.
  let blocksAcross = (u.columns + $blockColumns - 1u) / $blockColumns;
  let block = u.base + group.x;
  let blockRow = (block / blocksAcross) * $blockRows;
  let blockColumn = (block % blocksAcross) * $blockColumns;
  let plane = group.y;
  let start = plane * u.depthEach;
  let stop = min(u.depth, start + u.depthEach);
#for P rowQuads
  let row$P = blockRow + ($P * $threadsY + local.y) * 4u;
#if biasGradient
  var biasSum$P = vec4f(0.0);
#end
#for Q 4
#for J columnQuads
  var sum$P_$Q_$J = vec4f(0.0);
#end
#end
#end
#for J columnQuads
  let column$J = blockColumn + ($J * $threadsX + local.x) * 4u;
#end
