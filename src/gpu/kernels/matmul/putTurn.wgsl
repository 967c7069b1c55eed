    // Puts what fetchTurn has read into tile$name, from its row $row on. What lies behind the end of the sum is 0.
#for F fills
    if (at$name_$F < $blockDepthQuads * $quads) {
      let to = ($row + (at$name_$F % $blockDepthQuads) * 4u) * $stride + at$name_$F / $blockDepthQuads;
#for C 4
      tile$name[to + $C * $stride] = hold(select(vec4f(0.0), next$name_$F[$C], k$name_$F < stop));
#end
    }
#end
