    // Fills tile$name from an operand whose rows lie across the depth. What lies behind the end of the sum is 0.
    for (var i = thread; i < $blockDepth * $quads; i += $invocations) {
      let k = k0 + i / $quads;
      let v = load$name(k, $first + (i % $quads) * 4u, u.depth, u.$extent);
      tile$name[(i / $quads) * $stride + i % $quads] = hold(select(vec4f(0.0), v, k < stop));
    }
