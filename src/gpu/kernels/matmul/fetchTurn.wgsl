    // Of an operand whose rows lie along the depth, reads this invocation's part of the slice that begins at $from: four
    // rows of four values, turned in registers.
#for F fills
    let at$name_$F = thread + $F * $invocations;
    let k$name_$F = $from + (at$name_$F % $blockDepthQuads) * 4u;
    let row$name_$F = $first + (at$name_$F / $blockDepthQuads) * 4u;
    let next$name_$F = transpose(mat4x4f(
      load$name(row$name_$F, k$name_$F, u.$extent, u.depth), load$name(row$name_$F + 1u, k$name_$F, u.$extent, u.depth),
      load$name(row$name_$F + 2u, k$name_$F, u.$extent, u.depth),
      load$name(row$name_$F + 3u, k$name_$F, u.$extent, u.depth)));
#end
