    // Of an operand whose rows lie across the depth, reads this invocation's part of the slice that begins at $from.
    // What lies behind the end of the sum is 0.
#for F fills
    let at$name_$F = thread + $F * $invocations;
    let k$name_$F = $from + at$name_$F / $quads;
    let next$name_$F = select(vec4f(0.0),
      load$name(k$name_$F, $first + (at$name_$F % $quads) * 4u, u.depth, u.$extent), k$name_$F < stop);
#end
