    // Puts what fetchCopy has read into tile `half`.
#for F fills
    if (at$name_$F < $blockDepth * $quads) {
      tile$name[(half * $blockDepth + at$name_$F / $quads) * $stride + at$name_$F % $quads] = hold(next$name_$F);
    }
#end
