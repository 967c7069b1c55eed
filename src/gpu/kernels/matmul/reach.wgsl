  // Where the rows that this invocation reads begin, reckoned once: some compilers move nothing out of a loop.
#for J columnQuads
#for C depthAtOnce
#if transposedB
  let fromB$J_$C = min(column$J + $C, u.columns - 1u) * (u.depth >> 2u);
#else
  let fromB$J_$C = min(column$J, u.columns - 4u) >> 2u;
#end
#end
#end
