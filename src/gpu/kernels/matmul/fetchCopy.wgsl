    // Reads this invocation's part of the slice at k1 from an operand whose rows lie across the depth. What lies behind
    // the end of the sum is 0.
#for F fills
    let at$name_$F = thread + $F * $invocations;
    let k$name_$F = k1 + at$name_$F / $quads;
    let next$name_$F = select(vec4f(0.0),
      load$name(k$name_$F, $first + (at$name_$F % $quads) * 4u, u.depth, u.$extent), k$name_$F < stop);
#end
