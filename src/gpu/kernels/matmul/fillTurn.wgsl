    // Fills tile$name from an operand whose rows lie along the depth: four rows of four values are turned in
    // registers, so that the tile lies across it. What lies behind the end of the sum is 0.
    for (var i = thread; i < $blockDepthQuads * $quads; i += $invocations) {
      let k = k0 + (i % $blockDepthQuads) * 4u;
      let row = $first + (i / $blockDepthQuads) * 4u;
      let at = (i % $blockDepthQuads) * 4u * $stride + i / $blockDepthQuads;
      let t = transpose(mat4x4f(
        load$name(row, k, u.$extent, u.depth), load$name(row + 1u, k, u.$extent, u.depth),
        load$name(row + 2u, k, u.$extent, u.depth), load$name(row + 3u, k, u.$extent, u.depth)));
#for C 4
      tile$name[at + $C * $stride] = hold(select(vec4f(0.0), t[$C], k < stop));
#end
    }
